"""docs/monitoring.md, the alert rules and the dashboard name the figures that there are."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from airflow_provider_hybrid.metrics.figures import FIGURES
from tests.harness.environment import PROJECT

PAGE = (PROJECT / "docs" / "monitoring.md").read_text()
MONITORING = PROJECT / "deploy" / "monitoring"
RULES = yaml.safe_load((MONITORING / "rules.yaml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((MONITORING / "dashboard.json").read_text())
IN_PROMETHEUS = {f"airflow_{figure.name.replace('.', '_')}": figure for figure in FIGURES}
"""The figures by the names that statsd_exporter gives them: "_" for each "."."""
LABELS_OF_SUMMARIES = {"quantile"}


def expressions() -> list[str]:
    targets = [target for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return [rule["expr"] for rule in RULES] + [target["expr"] for target in targets]


def test_the_table_is_that_of_the_package() -> None:
    rows = re.findall(r"^\| `(hybrid\.\S+)` \| (.*) \|$", PAGE, re.MULTILINE)

    assert [(name, *cells.split(" | ")) for name, cells in rows] == [
        (
            figure.name,
            figure.kind,
            figure.unit,
            ", ".join(f"`{tag}`" for tag in figure.tags),
            figure.meaning,
            figure.sender,
        )
        for figure in FIGURES
    ]


@pytest.mark.parametrize("expression", expressions())
def test_rules_and_dashboard_ask_for_figures_of_the_table_by_their_tags(expression: str) -> None:
    figures = [IN_PROMETHEUS[name] for name in re.findall(r"airflow_\w+", expression)]
    tags = {tag for tags in re.findall(r"\bby \(([^)]*)\)", expression) for tag in tags.split(", ")}

    assert figures
    for figure in figures:
        assert tags - LABELS_OF_SUMMARIES <= set(figure.tags)


def test_the_dashboard_shows_every_figure() -> None:
    shown = set(re.findall(r"airflow_hybrid_\w+", json.dumps(DASHBOARD)))

    assert shown == IN_PROMETHEUS.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_stands_on_the_page_and_says_what_to_do(rule: Any) -> None:
    assert f"`{rule['alert']}`" in PAGE
    assert rule["annotations"].keys() == {"summary", "description"}
    assert rule["labels"]["severity"] in {"warning", "critical"}
