"""Message groups in a standard queue, among whom SQS deals fairly."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.interceptor.invoking import Interceptor


def event(event_id: str, bucket: str | None, **detail: Any) -> dict[str, Any]:
    named = {"bucket": {"name": bucket}} if bucket else {}
    head = {"id": event_id, "source": "aws.s3", "detail-type": "Object Created"}
    return {**head, "detail": {**named, **detail}}


def groups(interceptor: Interceptor, *events: dict[str, Any]) -> list[str | None]:
    for sent in events:
        interceptor.invoke(sent)
    return [message.group_id for message in interceptor.received()]


def test_each_bucket_is_a_group(interceptor: Interceptor) -> None:
    first, second, third = groups(interceptor, event("1", "a"), event("2", "b"), event("3", "a"))

    assert first == third
    assert first not in {None, second}


def test_an_event_without_a_bucket_has_no_group(interceptor: Interceptor) -> None:
    odd = {**event("2", None), "detail": {"bucket": "odd"}}

    assert groups(interceptor, event("1", None), odd) == [None, None]


def test_the_group_may_be_another_field(interceptor: Interceptor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESSAGE_GROUP_FIELD", "detail.tenant")

    first, second = groups(interceptor, event("1", "a", tenant="x"), event("2", "a", tenant="y"))

    assert first != second


def test_what_is_forwarded_unchanged_has_no_group(interceptor: Interceptor) -> None:
    interceptor.invoke("no event")

    assert [message.group_id for message in interceptor.received()] == [None]
