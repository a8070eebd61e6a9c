"""Whatever arrives, there are events or one named error.

`FUZZ_EXAMPLES=50000` before the command makes hypothesis try so many messages instead of some hundred.
"""

from __future__ import annotations

import base64
import json
import os
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_hybrid.events.envelopes.envelope import Opened
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import open_message
from airflow_provider_hybrid.events.records.wire import COMPRESSED_BODY, compress
from airflow_provider_hybrid.exceptions import MessageParseError
from tests.unit.events.cases import CASES, EVENTS, Case
from tests.unit.events.hostile import RAW, REPLACEMENTS, SECRET, deleted, paths, replaced, with_raw

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "500"))
SNS = json.loads((EVENTS / "sns_notification.json").read_text())
OBJECTS = [case for case in CASES if case.body.startswith("{")]


def parse(message: Message) -> tuple[list[Opened], str]:
    """Return the events, or the reason why there are none. Any other exception fails the test."""
    try:
        return open_message(message), ""
    except MessageParseError as error:
        return [], str(error)


def check(message: Message) -> bool:
    """Parse, and say whether there were events; hold every promise that does not depend on the input."""
    opened, reason = parse(message)
    for event, _ in opened:
        assert event.id
        assert isinstance(event.source, str)
        assert isinstance(event.detail, dict)
        json.dumps(event.as_dict(), allow_nan=False).encode()
    assert reason.isprintable()
    assert len(reason) < 300
    return not reason


@pytest.mark.parametrize("case", OBJECTS, ids=lambda case: case.name)
def test_no_broken_node_of_a_real_message_breaks_the_parser(case: Case) -> None:
    body = json.loads(case.body)
    for path in paths(body):
        check(case.message(json.dumps(deleted(body, path))))
        for replacement in REPLACEMENTS:
            check(case.message(json.dumps(replaced(body, path, replacement))))
        for text in RAW:
            check(case.message(with_raw(body, path, text)))


@pytest.mark.parametrize("case", OBJECTS, ids=lambda case: case.name)
def test_a_reason_quotes_no_value(case: Case) -> None:
    body = json.loads(case.body)
    for path in paths(body):
        for secret in (SECRET, [SECRET], {"a": SECRET}, f"%ff{SECRET}", f"\0{SECRET}"):
            _, reason = parse(case.message(json.dumps(replaced(body, path, secret))))
            assert SECRET not in reason


any_text = st.text(st.characters(), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text | st.sampled_from(REPLACEMENTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def broken_bodies(draw: st.DrawFn) -> str:
    """A real body with up to three nodes broken, perhaps within SNS, perhaps cut off."""
    body: Any = json.loads(draw(st.sampled_from(OBJECTS)).body)
    for _ in range(draw(st.integers(0, 3))):
        if ways := list(paths(body)):
            way = ways[draw(st.integers(0, len(ways) - 1))]
            body = deleted(body, way) if draw(st.booleans()) else replaced(body, way, draw(json_values))
    raw: bool = draw(st.booleans())
    if raw and (ways := list(paths(body))):
        text = with_raw(body, ways[draw(st.integers(0, len(ways) - 1))], draw(st.sampled_from(RAW)))
    else:
        text = json.dumps(body)
    if draw(st.booleans()):
        text = json.dumps({**SNS, "Message": text})
    return text[: draw(st.integers(0, len(text)))] if draw(st.integers(0, 9)) == 0 else text


attributes = st.dictionaries(
    st.sampled_from(["SentTimestamp", "MessageDeduplicationId", "MessageGroupId"]),
    any_text | st.just("1" * 400),
)
COMPRESSED = base64.b64encode(compress('{"order": 7}')).decode()
texts = st.sampled_from(
    ["1.0", "", "/mycontext", "application/json", "text/plain", "\0", "\ud800", COMPRESSED, COMPRESSED[:-4]]
)
message_attributes = st.dictionaries(
    st.sampled_from(
        [
            *(
                f"{prefix}{name}"
                for prefix in ("ce-", "ce_")
                for name in ("specversion", "id", "source", "type")
            ),
            "content-type",
            "x",
            COMPRESSED_BODY,
        ]
    ),
    st.fixed_dictionaries({"DataType": texts}, optional={"StringValue": texts, "BinaryValue": texts}),
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(broken_bodies() | json_values.map(json.dumps) | any_text, attributes, message_attributes)
def test_no_message_raises_anything_but_a_parse_error(
    body: str, system: dict[str, str], users: dict[str, Any]
) -> None:
    check(Message("m-1", body, attributes=system, message_attributes=users))


@pytest.mark.parametrize("raw", RAW, ids=range(len(RAW)))
def test_a_body_that_is_hostile_altogether_is_an_error(raw: str) -> None:
    assert not check(Message("m-1", raw))
    assert not check(Message("m-1", f'{{"a": {raw}}}'))


@pytest.mark.parametrize(
    "name", ["aws_s3_2_5_put", "aws_lambda_kinesis", "aws_lambda_sqs", "aws_sns_eventbridge"]
)
def test_a_mebibyte_parses_in_no_time(name: str) -> None:
    (case,) = [case for case in CASES if case.name == name]
    body = json.loads(case.body)
    if "Records" in body:
        body["Records"] *= 2**20 // len(case.body)
    else:
        body["Message"] = json.dumps({**json.loads(body["Message"]), "detail": {"a": [1.5] * 200_000}})
    text = json.dumps(body)

    started = time.perf_counter()
    assert check(case.message(text))

    assert len(text) > 500_000
    assert time.perf_counter() - started < 5
