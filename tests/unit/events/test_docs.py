"""docs/events.md says what is: every example and every table in it is run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from airflow_provider_hybrid.events.envelopes import sns_records
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import ENVELOPES, parse_message
from airflow_provider_hybrid.events.records.s3 import S3_KINDS
from airflow_provider_hybrid.exceptions import MessageParseError

DOCS = Path(__file__).parents[3] / "docs" / "events.md"
TEXT = DOCS.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```json (?P<label>[a-z ]+)\n(?P<json>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^##+ (.*)$", re.MULTILINE)


class Example(NamedTuple):
    heading: str
    blocks: dict[str, str]

    def message(self) -> Message:
        return Message(
            message_id="5fea7756-0ea4-451a-a703-a558b933e274",
            body=self.blocks["before"],
            attributes=json.loads(self.blocks.get("attributes", '{"SentTimestamp": "1795312800000"}')),
            message_attributes=json.loads(self.blocks.get("message attributes", "{}")),
            queue_name="orders",
        )


def examples() -> list[Example]:
    titles = HEADING.split(TEXT)[1:]
    found = [
        Example(heading, {block["label"]: block["json"] for block in BLOCK.finditer(section)})
        for heading, section in zip(titles[::2], titles[1::2], strict=True)
    ]
    return [example for example in found if example.blocks]


def table(heading: str) -> list[list[str]]:
    section = TEXT.split(f"# {heading}\n")[1].split("\n#")[0]
    rows = [line[1:-1].split("|") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.heading)
def test_an_example_becomes_what_the_page_says(example: Example) -> None:
    events: Any = [event.as_dict() for event in parse_message(example.message())]
    said = json.loads(example.blocks["after"])

    assert events == (said if isinstance(said, list) else [said])


def test_every_envelope_has_an_example() -> None:
    bodies = [json.loads(example.blocks["before"]) for example in examples()]
    objects = [body for body in bodies if isinstance(body, dict)]
    recognised: set[Any] = {next(one for one in ENVELOPES if one.recognises(body)) for body in objects}

    # What SNS and Lambda do together is told in words.
    assert set(ENVELOPES) - recognised == {sns_records}


def test_the_table_of_s3s_kinds_is_complete_and_true() -> None:
    rows = table("Kinds")

    for name, detail_type, says in rows:
        said = [part.split(": ") for part in says.split(", ") if part]
        assert [field for field, _ in said] == ["reason", "deletion-type"][: len(said)]
        assert S3_KINDS[name.strip("`")] == (detail_type, *(value for _, value in said))
    assert {name.strip("`") for name, _, _ in rows} == S3_KINDS.keys()


@pytest.mark.parametrize("row", table("What is not understood"), ids=lambda row: row[1][:30])
def test_a_reason_is_as_the_page_says(row: list[str]) -> None:
    with pytest.raises(MessageParseError) as caught:
        parse_message(Message("m-1", row[0].strip("`")))

    assert str(caught.value) == row[1]
