"""Our patterns beside MiniStack's `TestEventPattern`, over patterns and events that hypothesis makes up.

`make test` compares some hundred pairs; `HYBRID_ORACLE_PAIRS=20000` in the environment, as many as you like.
"""

from __future__ import annotations

import json
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.pattern import EventPattern
from tests.harness.ministack import MiniStack
from tests.unit.patterns import test_pattern_cases as cases
from tests.unit.patterns.pattern_maker import ENVELOPE, PatternMaker

PAIRS = int(os.environ.get("HYBRID_ORACLE_PAIRS", "600"))

Ask = Callable[[dict[str, Any], dict[str, Any]], str]


@pytest.fixture(scope="module")
def ask(ministack: MiniStack) -> Iterator[Ask]:
    """Return what MiniStack says of a pattern and an event."""
    connection = HTTPConnection(ministack.endpoint_url.removeprefix("http://"))
    connection.connect()
    # Head and body of a request are two writes, the second of which would wait for the other side's answer.
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSEvents.TestEventPattern",
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/events/aws4_request, "
        "SignedHeaders=host, Signature=0",
    }

    def ask(pattern: dict[str, Any], event: dict[str, Any]) -> str:
        body = {"EventPattern": json.dumps(pattern), "Event": json.dumps(event)}
        connection.request("POST", "/", json.dumps(body), headers)
        answer = json.loads(connection.getresponse().read())
        if "Result" in answer:
            return "matches" if answer["Result"] else "does not match"
        assert "InvalidEventPattern" in answer["__type"], answer
        return "refused"

    yield ask
    connection.close()


def ours(pattern: dict[str, Any], event: dict[str, Any]) -> str:
    try:
        return "matches" if EventPattern(pattern).matches(event) else "does not match"
    except EventPatternError:
        return "refused"


def test_we_answer_as_the_oracle_does(ask: Ask) -> None:
    answers: dict[str, str] = {}
    differences: list[str] = []

    @settings(max_examples=PAIRS // 4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    # The first kind of randomness is hypothesis's own, which favours extremes; the second is more varied.
    @given(st.randoms(use_true_random=False) | st.randoms(use_true_random=True))
    def compare(random: Random) -> None:
        maker = PatternMaker(random)
        events = [maker.event() for _ in range(3)]
        patterns = [maker.pattern(), *map(maker.pattern_for, events[:2])]
        for pair in product(patterns, events):
            text = json.dumps(pair)
            pattern, event = json.loads(text)
            answers[text] = ask(pattern, event)
            if ours(pattern, event) != answers[text]:
                differences.append(f"{text}: the oracle says {answers[text]!r}")

    compare()

    counts = Counter(answers.values())
    print(f"{counts.total()} different pairs: {dict(counts)}")  # noqa: T201  (shown by `pytest -s`)
    assert not differences, f"{len(differences)} differences, the shortest: {min(differences, key=len)}"
    assert counts.total() >= PAIRS
    assert min(counts[answer] for answer in ("matches", "does not match", "refused")) > PAIRS / 10


def test_the_oracle_agrees_with_the_cases_that_are_kept(ask: Ask) -> None:
    def says(pattern: dict[str, Any], event: dict[str, Any]) -> str:
        return ask(cases.wrapped(pattern), {**ENVELOPE, **cases.wrapped(event)})

    assert [what for what, pattern, event in cases.MATCHES if says(pattern, event) != "matches"] == []
    assert [
        what for what, pattern, event in cases.DOES_NOT_MATCH if says(pattern, event) != "does not match"
    ] == []
    assert [pattern for pattern, _ in cases.REFUSED if says(pattern, {}) != "refused"] == []
