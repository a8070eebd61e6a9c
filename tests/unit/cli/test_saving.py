"""Messages in a file, before somebody deletes them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from airflow_provider_hybrid.cli.dead_letters.saving import save
from airflow_provider_hybrid.cli.explain import read_messages
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import HybridError

BINARY = {"DataType": "Binary", "BinaryValue": base64.b64encode(b"\x00\xff").decode()}
MESSAGES = [
    Message("m-1", '{"a": "é\n"}', {"SentTimestamp": "1795312800000"}, {"own": BINARY}, "handle"),
    Message("m-2", "text"),
]


@pytest.mark.parametrize("messages", [MESSAGES, MESSAGES[:1]])
def test_the_lines_are_read_as_the_messages_that_they_were(tmp_path: Path, messages: list[Message]) -> None:
    save(tmp_path / "saved", messages)

    read = read_messages((tmp_path / "saved").read_text(), "queue")

    assert [(one.message_id, one.body, one.sent_at) for one in read] == [
        (one.message_id, one.body, one.sent_at) for one in messages
    ]
    assert [one.identity for one in read] == [one.identity for one in messages]
    assert read[0].message_attributes["own"] == BINARY


def test_an_identity_from_before_is_kept(tmp_path: Path) -> None:
    kept = {"HybridMessageId": {"DataType": "String", "StringValue": "the-first"}}

    save(tmp_path / "saved", [Message("m-1", "{}", message_attributes=kept)])

    assert json.loads((tmp_path / "saved").read_text())["MessageAttributes"] == kept


def test_a_file_that_came_in_between_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "saved").write_text("precious")

    with pytest.raises(HybridError, match="is not overwritten"):
        save(tmp_path / "saved", MESSAGES)

    assert (tmp_path / "saved").read_text() == "precious"
