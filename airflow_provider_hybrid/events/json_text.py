"""Reading JSON that a stranger wrote."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from airflow_provider_hybrid.exceptions import MessageParseError

BYTE_ORDER_MARK = "\ufeff"
"""The mark with which some editors and libraries begin a text. It has no meaning."""

_KINDS = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}


def read_json(text: str, what: str) -> Any:
    """Return the value that a JSON text stands for.

    Args:
        text: As received.
        what: The name of the text in an error, for example ``the body``.

    Raises:
        MessageParseError: If the text cannot be read as JSON. The error never quotes the text.
    """
    try:
        return json.loads(text.removeprefix(BYTE_ORDER_MARK), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        fault = error.msg.partition(":")[0]
        raise MessageParseError(
            f"{what} is not JSON: {fault} (line {error.lineno}, column {error.colno})"
        ) from None
    except RecursionError:
        raise MessageParseError(f"{what} is nested too deep to be read") from None
    except MessageParseError:
        raise
    except ValueError:
        raise MessageParseError(f"{what} holds a number with too many digits") from None


def kind(value: object) -> str:
    """Name the JSON type of a value: ``object``, ``array``, ``string``, ``number``, ``boolean``, ``null``."""
    return _KINDS.get(type(value), "null")


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity: Python reads them as numbers, but JSON does not have them."""
    raise MessageParseError(f"{name} is not a JSON value")
