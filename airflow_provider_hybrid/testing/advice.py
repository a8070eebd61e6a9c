"""What to do about a condition that an event fails."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from airflow_provider_hybrid.events.records.s3 import S3_KINDS
from airflow_provider_hybrid.exceptions import EventPatternError, dotted
from airflow_provider_hybrid.patterns.pattern import EventPattern

_NOTHING = object()
_FIELD = re.compile(r"""\bevent((?:\.\w+|\[['"][^'"]+['"]\])+)""")
"""A field of the event in a template, as ``event.detail.bucket`` or ``event['detail-type']``."""

_ALIKE = 0.7
"""The likeness of two texts, on difflib's scale, from which on one may be meant by the other."""


def advice(path: tuple[str, ...], condition: Any, event: Mapping[str, Any]) -> str:
    """Say what to do so that a route wants an event.

    Args:
        path: Where the condition is in the route's pattern.
        condition: The list of values of which one is enough.
        event: The event that fails it, as :meth:`Event.as_dict` returns it.
    """
    if "$or" in path:
        return f"none of the alternatives in {dotted(path)!r} holds; mend one, or take another event"
    # A pattern may write a path as one key with dots.
    path = tuple(name for key in path for name in key.split("."))
    above, found = _at(path, event)
    if found is _NOTHING:
        return _about_nothing(path, above)
    for said in (*_about_texts(path, condition, found), *_about_numbers(path, condition, found)):
        return said
    if path == ("source",):
        return (
            f"the event comes from {found!r}. Take an event of the sender that the route means, or add "
            f"{found!r} to 'source' in its 'event_pattern'"
        )
    return (
        f"if the route is to want this event, let {dotted(path)!r} in its 'event_pattern' allow "
        f"{found!r:.80}; if not, take an event that it is to want"
    )


def advice_on_template(reason: str, event: Mapping[str, Any]) -> str:
    """Say what to do about a template that could not be rendered.

    Args:
        reason: The error, which quotes the template.
        event: The event, as :meth:`Event.as_dict` returns it.
    """
    for found in _FIELD.findall(reason):
        path = tuple(name for name in re.split(r"[.\[\]'\"]+", found) if name)
        for length in range(1, len(path) + 1):
            above, value = _at(path[:length], event)
            if isinstance(above, Mapping) and value is _NOTHING:
                return f"it has no {dotted(path[:length])!r}; {_about_nothing(path[:length], above)}"
    return "mend the template, or let the route's 'event_pattern' want only events from which it can be made"


def _about_nothing(path: tuple[str, ...], above: Any) -> str:
    if not isinstance(above, Mapping):
        return f"the event has no object at {dotted(path[:-1])!r}; look at the event in `hybrid explain`"
    close = difflib.get_close_matches(path[-1], list(above), n=1)
    meant = f". Did you mean {close[0]!r}?" if close else ""
    place = f"in {dotted(path[:-1])!r}" if path[:-1] else "there"
    return f"the event has {place}: {', '.join(map(repr, above)) or 'nothing'}{meant}"


def _about_texts(path: tuple[str, ...], condition: Any, found: Any) -> Iterator[str]:
    if not isinstance(found, str):
        return
    place = dotted(path)
    texts = [*_texts(condition)]
    if path == ("detail-type",):
        for text in texts:
            if kind := S3_KINDS.get(text.removeprefix("s3:")):
                yield f"{text!r} is the name of a notification; routes see the detail-type: write {kind[0]!r}"
    if _would_match(condition, unquote_plus(found)):
        yield (
            f"{place!r} is still URL-encoded. sample_event encodes a key as S3 does: give it the key as it "
            f"is in the bucket, {unquote_plus(found)!r}"
        )
    if _would_match(_changed(condition, unquote_plus), found):
        yield (
            f"the pattern's {place!r} is URL-encoded, and routes see it decoded: write it as it is in the "
            f"bucket, {_first_changed(texts, unquote_plus)!r}"
        )
    if _would_match(_changed(condition, lambda text: text.removeprefix("/")), found):
        yield (
            f"{place!r} begins without a slash: write "
            f"{_first_changed(texts, lambda text: text.removeprefix('/'))!r}"
        )
    if _would_match(_changed(condition, str.lower), found.lower()):
        yield (
            f"upper and lower case differ in {place!r}: write it as the event has it, or take the operator "
            "'equals-ignore-case'"
        )
    if close := [text for text in _exact(condition) if _are_alike(text, found)]:
        yield (
            f"the pattern has {close[0]!r} and the event {found!r} as {place!r}: mend the one that is wrong, "
            f"or add {found!r} to the list"
        )


def _about_numbers(path: tuple[str, ...], condition: Any, found: Any) -> Iterator[str]:
    place = dotted(path)
    if isinstance(found, int | float) and any(_is_number(text) for text in _exact(condition)):
        yield f"{place!r} is a number, and a text never equals a number: write it without quotation marks"
    if isinstance(found, str) and any(not isinstance(value, str | dict) for value in condition):
        yield f"{place!r} is a text, and a number never equals a text: write it in quotation marks"
    if isinstance(found, str) and any(isinstance(value, dict) and "numeric" in value for value in condition):
        yield f"{place!r} is a text, and 'numeric' compares numbers: let the sender write it as a number"


def _at(path: tuple[str, ...], event: Any) -> tuple[Any, Any]:
    """Return the object that a field is in, and the field's value."""
    above: Any = None
    found: Any = event
    for key in path:
        above, found = found, found.get(key, _NOTHING) if isinstance(found, Mapping) else _NOTHING
    return above, found


def _would_match(condition: Any, value: str) -> bool:
    try:
        return EventPattern({"field": condition}).matches({"field": value})
    except EventPatternError:
        return False


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """Return a condition with every text in it changed, but not the operators' names."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_changed(item, change) for item in value]
    if isinstance(value, Mapping):
        return {key: _changed(item, change) for key, item in value.items()}
    return value


def _first_changed(texts: list[str], change: Callable[[str], str]) -> str:
    return next(change(text) for text in texts if change(text) != text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)


def _exact(condition: Any) -> list[str]:
    return [value for value in condition if isinstance(value, str)]


def _are_alike(text: str, found: str) -> bool:
    return difflib.SequenceMatcher(None, text, found).ratio() >= _ALIKE


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
