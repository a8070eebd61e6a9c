"""The fields of an envelope, read by name and by type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_hybrid.events.json_text import kind
from airflow_provider_hybrid.exceptions import MessageParseError

_PATH = 100
"""The most characters of a path that an error quotes: the sender may have chosen a name in it."""


class Fields:
    """A JSON object whose fields are read by name and type.

    Null counts as missing, as in S3's and CloudEvents' documents. An error names envelope, field and type,
    but quotes no value: errors end in logs, and values are the sender's.

    Args:
        envelope: The name of the envelope in an error, for example ``S3's notification``.
        value: The object, as `json.loads` returns it.
        path: The object's place in the envelope; empty for the envelope itself.

    Raises:
        MessageParseError: If the value, or later a field, is missing or has another type.
    """

    def __init__(self, envelope: str, value: object, path: str = "") -> None:
        self.envelope = envelope
        self.path = path
        if not isinstance(value, dict):
            raise self._error("", f"is not an object but a JSON {kind(value)}")
        self.value: dict[str, Any] = value

    def required_text(self, name: str) -> str:
        """Return a string, which must be there and not be empty."""
        text = self._text(name)
        if text is None:
            raise self._error(name, "is missing")
        if not text:
            raise self._error(name, "is empty")
        return text

    def text(self, name: str) -> str | None:
        """Return a string; None if it is missing or empty."""
        return self._text(name) or None

    def required_object(self, name: str) -> Fields:
        """Return an object, which must be there."""
        if self.value.get(name) is None:
            raise self._error(name, "is missing")
        return self.object(name)

    def object(self, name: str) -> Fields:
        """Return an object; an empty one if it is missing."""
        value = self.value.get(name)
        return Fields(self.envelope, {} if value is None else value, self._path(name))

    def objects(self, name: str) -> Iterator[Fields]:
        """Yield the objects of a list; none if it is missing."""
        values = self.value.get(name) or []
        if not isinstance(values, list):
            raise self._error(name, f"is not a list but a JSON {kind(values)}")
        for index, value in enumerate(values):
            yield Fields(self.envelope, value, f"{self._path(name)}[{index}]")

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return a list of strings; None if it is missing."""
        values = self.value.get(name)
        if values is None:
            return None
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self._error(name, "is not a list of strings")
        return tuple(values)

    def _text(self, name: str) -> str | None:
        value = self.value.get(name)
        if value is not None and not isinstance(value, str):
            raise self._error(name, f"is not a string but a JSON {kind(value)}")
        return value

    def _path(self, name: str) -> str:
        return ".".join(part for part in (self.path, name) if part)

    def _error(self, name: str, fault: str) -> MessageParseError:
        return MessageParseError(f"{self.envelope}: {self._path(name)[:_PATH] or 'it'!r} {fault}")
