"""What `hybrid doctor` shows to people: readable at any width."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from airflow_provider_hybrid.cli.doctor.finding import Finding
from airflow_provider_hybrid.cli.doctor.report import print_report
from airflow_provider_hybrid.documentation import page

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/partner-events-of-a-long-name"
FINDINGS = [
    Finding("packages", "fine", "apache-airflow 3.3.2, pydantic 2.11.7, typer 0.16.1, rich 13.9.4"),
    Finding("heartbeat timeout", "warning", "a dead worker is noticed after 300 s", "Set it to 60"),
    Finding(
        "sqs:SendMessage on the queue",
        "fault",
        "is not allowed",
        f"Allow connection 'aws_default' sqs:SendMessage on {URL}, by a policy of its role or of the queue",
    ),
    Finding("queue", "fine", f"{URL} answers connection 'aws_default'"),
    Finding("DAGs", "fault", "DAG '[red]a' does not exist: its messages come back", "Deploy it"),
]


def report(width: int | None) -> str:
    """Return what is printed on a terminal so wide, or into a pipe."""
    out = StringIO()
    console = Console(file=out, width=width, highlight=False, soft_wrap=width is None)
    print_report(console, FINDINGS)
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 110, None])
def test_all_of_it_can_be_read_at_any_width(width: int | None) -> None:
    shown = " ".join(report(width).split())

    for finding in FINDINGS:
        assert f"{finding.check}: {finding.found}" in shown
        assert f"To do: {finding.mend}" in shown or not finding.mend
    assert "…" not in shown


@pytest.mark.parametrize("width", [60, 80, 110])
def test_a_line_is_longer_than_the_terminal_only_for_a_word_that_is(width: int) -> None:
    for line in report(width).splitlines():
        assert len(line) <= width or len(line.split()[-1]) + 9 > width, line
        assert line == line.rstrip()


def test_in_a_pipe_each_part_is_one_line() -> None:
    lines = report(None).splitlines()

    assert len([line for line in lines if not line.strip().startswith("https:")]) == len(FINDINGS) + 3 + 1


def test_a_finding_names_where_to_read_more() -> None:
    shown = report(80).splitlines()

    assert f"{' ' * 9}{page('troubleshooting', 'rights-missing')}" in shown
    assert f"{' ' * 9}{page('troubleshooting', 'heartbeat-timeout')}" in shown


def test_the_worst_comes_first_and_the_last_line_sums_up() -> None:
    lines = report(None).splitlines()

    levels = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert levels == ["fault", "fault", "warning", "fine", "fine", "2"]
    assert lines[-1] == "2 faults, 1 warning, 2 checks passed"
