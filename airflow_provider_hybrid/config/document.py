"""The configuration's JSON document: from text to value, without losing a repeated key in silence."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from airflow_provider_hybrid.events.json_text import BYTE_ORDER_MARK

Path = tuple[str | int, ...]


class _Members(tuple[tuple[str, Any], ...]):
    """The members of a JSON object, in their order, repeated keys included."""

    __slots__ = ()


def read_document(text: str) -> tuple[Any, list[Path]]:
    """Read a JSON text.

    Args:
        text: The document. A byte order mark before it is ignored.

    Returns:
        The value, and the path of each key that its object repeats.

    Raises:
        ValueError: If it is not JSON; says where. NaN, Infinity and half characters are not JSON.
        RecursionError: If it is nested too deep to be read.
    """
    found = json.loads(
        text.removeprefix(BYTE_ORDER_MARK), object_pairs_hook=_Members, parse_constant=_refuse_constant
    )
    repeated: dict[Path, None] = {}
    value = _value(found, (), repeated)
    _refuse_half_characters(value)
    return value, list(repeated)


def document_text(value: object) -> str:
    """Write a Variable's value as the JSON text that it would be in Airflow's database.

    Most secrets backends hand over text. Airflow's LocalFilesystemBackend hands over what its file holds,
    which may be an object.

    Args:
        value: What `Variable.get` returned.

    Raises:
        TypeError: If the value, or something in it, has no form in JSON.
        ValueError: If the value contains itself.
    """
    return value if isinstance(value, str) else json.dumps(value)


def _value(found: Any, path: Path, repeated: dict[Path, None]) -> Any:
    if isinstance(found, _Members):
        members: dict[str, Any] = {}
        for key, member in found:
            if key in members:
                repeated[(*path, key)] = None
            members[key] = _value(member, (*path, key), repeated)
        return members
    if isinstance(found, list):
        return [_value(item, (*path, index), repeated) for index, item in enumerate(found)]
    return found


def _refuse_half_characters(value: Any) -> None:
    """Refuse what no text can hold, and pydantic stumbles over: a UTF-16 surrogate without its other half."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{error.object[error.start]!a} is half of a character") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")
