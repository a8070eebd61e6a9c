"""docs/dead-letters.md names what there is."""

from __future__ import annotations

import re
from pathlib import Path

from airflow_provider_hybrid.queues.attributes import OURS
from airflow_provider_hybrid.queues.dead_letter import MAX_RECEIVE_COUNT, UNDELIVERED, UNKNOWN

TEXT = (Path(__file__).parents[3] / "docs" / "dead-letters.md").read_text(encoding="utf-8")


def test_every_attribute_and_every_error_type_stands_there() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE))

    ours = {"MessageParseError", "RouteError", "Unmatched", MAX_RECEIVE_COUNT, UNDELIVERED, UNKNOWN}
    assert named == OURS | ours
