"""Every example in docs/routes.md is run."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.leaf import OPERATORS
from airflow_provider_hybrid.patterns.pattern import EventPattern

ROUTES = (Path(__file__).parents[2] / "docs" / "routes.md").read_text()

_PART = re.compile(r"^## (?P<heading>.+)$|^```json ?(?P<kind>.*)\n(?P<code>(?s:.*?))^```$", re.MULTILINE)
_REFUSED = re.compile(r"^\| `(\{.*\})` \| `(.*)` \|$", re.MULTILINE)


@dataclass
class Example:
    """A pattern, and the events that are shown with it."""

    heading: str
    pattern: dict[str, Any]
    events: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"matches": [], "does not match": []}
    )


def examples() -> list[Example]:
    found: list[Example] = []
    heading = ""
    for part in _PART.finditer(ROUTES):
        heading = part["heading"] or heading
        if part["kind"] == "pattern":
            found.append(Example(heading, json.loads(part["code"])))
        elif part["kind"] and part["kind"] != "configuration":
            found[-1].events[part["kind"]].append(json.loads(part["code"]))
    return found


EXAMPLES = examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.heading)
def test_an_event_matches_as_the_page_says(example: Example) -> None:
    pattern = EventPattern(example.pattern)

    assert [pattern.matches(event) for event in example.events["matches"]] == [True] * len(
        example.events["matches"]
    )
    assert not any(map(pattern.matches, example.events["does not match"]))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.heading)
def test_a_pattern_is_shown_with_an_event_that_matches_and_one_that_does_not(example: Example) -> None:
    assert example.events["matches"]
    assert example.events["does not match"]


def test_each_operator_has_a_heading_with_an_example() -> None:
    assert OPERATORS.keys() | {"$or"} <= {example.heading for example in EXAMPLES}


@pytest.mark.parametrize(("pattern", "message"), _REFUSED.findall(ROUTES))
def test_what_is_refused_is_refused_in_these_words(pattern: str, message: str) -> None:
    with pytest.raises(EventPatternError) as raised:
        EventPattern(json.loads(pattern))

    assert str(raised.value) == message


def test_the_refused_patterns_are_found() -> None:
    assert len(_REFUSED.findall(ROUTES)) >= 6


def test_the_examples_of_routes_are_routes() -> None:
    examples = [part["code"] for part in _PART.finditer(ROUTES) if part["code"] and not part["kind"]]

    config = parse_config(
        json.dumps({"queue_url": "https://sqs/1/events", "routes": [json.loads(code) for code in examples]})
    )

    assert len(config.compiled_routes) == 6


def test_the_example_of_included_variables_is_a_configuration() -> None:
    (text,) = (part["code"] for part in _PART.finditer(ROUTES) if part["kind"] == "configuration")
    names = json.loads(text)["include"]
    routes = {
        name: [{"name": name, "event_pattern": {"source": ["a"]}, "trigger_dag_id": "a"}] for name in names
    }

    config = parse_config(text, read_included=lambda name: json.dumps(routes[name]))

    assert [route.name for route in config.compiled_routes] == names
