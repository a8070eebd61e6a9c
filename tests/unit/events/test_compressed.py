"""A compressed body is the body; what is none is a clear error."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import pytest

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import open_message, parse_message
from airflow_provider_hybrid.events.records.wire import COMPRESSED_BODY, MAX_BODY_BYTES, compress
from airflow_provider_hybrid.exceptions import MessageParseError

TENANT = {"DataType": "String", "StringValue": "acme"}


def message(content: bytes, **attributes: Any) -> Message:
    binary = {"DataType": "Binary", "BinaryValue": base64.b64encode(content).decode()}
    return Message("m-1", "elsewhere", message_attributes={COMPRESSED_BODY: binary, **attributes})


def test_it_is_read_as_if_it_had_come_in_the_body() -> None:
    (opened,) = open_message(message(compress('{"заказ": 7}'), tenant=TENANT))

    assert opened.event == parse_message(Message("m-1", '{"заказ": 7}'))[0]
    assert opened.message.message_attributes == {"tenant": TENANT}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cut off"),
        (b"{}", "not in zlib's format"),
        (compress('{"order": 7}')[:-1], "cut off"),
        (zlib.compress(b"[" * (MAX_BODY_BYTES + 1)), f"larger than {MAX_BODY_BYTES} bytes"),
        (zlib.compress(b"\xff{}"), "not UTF-8"),
    ],
)
def test_what_is_no_compressed_body_is_rejected(content: bytes, reason: str) -> None:
    with pytest.raises(MessageParseError, match=f"{COMPRESSED_BODY} cannot be read: .*{reason}"):
        parse_message(message(content))


@pytest.mark.parametrize(
    "attribute", [TENANT, {"DataType": "Binary", "BinaryValue": "no base64"}, {"BinaryValue": None}, {}]
)
def test_an_attribute_of_another_kind_is_rejected(attribute: Any) -> None:
    with pytest.raises(MessageParseError, match=COMPRESSED_BODY):
        parse_message(Message("m-1", "{}", message_attributes={COMPRESSED_BODY: attribute}))
