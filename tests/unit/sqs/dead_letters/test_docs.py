"""docs/dead-letters.md names what there is."""

from __future__ import annotations

import re
from pathlib import Path

from airflow_provider_hybrid.sqs.dead_letters.attributes import OURS
from airflow_provider_hybrid.sqs.dead_letters.letter import ERROR_TYPES

TEXT = (Path(__file__).parents[4] / "docs" / "dead-letters.md").read_text(encoding="utf-8")


def test_every_attribute_and_every_error_type_stands_there() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE))

    assert named == OURS | set(ERROR_TYPES)
