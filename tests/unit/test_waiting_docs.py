"""Every example in docs/waiting.md is run, by a dispatcher in which time is a value."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_hybrid.config.read import parse_config
from tests.harness.simulation import Sending, SimulatedDispatcher, SimulatedSqs

PAGE = (Path(__file__).parents[2] / "docs" / "waiting.md").read_text()
_EXAMPLE = re.compile(
    r"^## (?P<heading>.+)\n(?:(?!^## ).*\n)*?```json\n(?P<route>(?s:.*?))```\n\n"
    r"\| sent at .*\n\|---.*\n(?P<rows>(?:\|.*\n)+)",
    re.MULTILINE,
)
_ROW = re.compile(r"\| (\S+) \| `(.+)` \| run (\w) \| (\S+) \|")
DAY = "2026-11-29"
STARTS_WITHIN = 3
"""Seconds after it is due, where nothing else is to do."""


@dataclass(frozen=True)
class Sent:
    """A row of an example: an event, and the run that it is in."""

    at: float
    key: str
    run: str
    due_at: float


@dataclass(frozen=True)
class Example:
    """A route, and what becomes of some events."""

    heading: str
    route: dict[str, Any]
    sent: list[Sent]


def moment(text: str) -> float:
    return datetime.fromisoformat(f"{DAY}T{text}+00:00").timestamp()


def examples() -> list[Example]:
    return [
        Example(
            part["heading"],
            json.loads(part["route"]),
            [Sent(moment(at), key, run, moment(due)) for at, key, run, due in _ROW.findall(part["rows"])],
        )
        for part in _EXAMPLE.finditer(PAGE)
    ]


def body(key: str) -> str:
    detail = {"bucket": {"name": "bucket"}, "object": {"key": key}}
    return json.dumps({"id": key, "source": "aws.s3", "detail-type": "Object Created", "detail": detail})


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.heading)
def test_the_events_of_an_example_start_the_runs_that_it_says(example: Example) -> None:
    config = parse_config(json.dumps({"queue_url": "https://sqs/1/events", "routes": [example.route]}))
    dispatcher = SimulatedDispatcher(SimulatedSqs(now=example.sent[0].at), config)

    dispatcher.play(Sending(event.at, event.key, body(event.key)) for event in example.sent)

    found = {}
    for run_id, launch in dispatcher.runs.items():
        for part in launch.conf.get("events", [launch.conf]):
            found[part["key"] if "key" in part else part["detail"]["object"]["key"]] = run_id
    assert found.keys() == {event.key for event in example.sent}
    assert len(set(found.values())) == len({event.run for event in example.sent})
    for event in example.sent:
        same = {other.key for other in example.sent if other.run == event.run}
        assert same == {key for key, run_id in found.items() if run_id == found[event.key]}
        assert 0 <= dispatcher.started_at[found[event.key]] - event.due_at < STARTS_WITHIN


def test_the_examples_are_found() -> None:
    assert len(examples()) >= 3
