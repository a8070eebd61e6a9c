"""The output of `hybrid doctor --json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from airflow_provider_hybrid.cli.doctor import finding
from airflow_provider_hybrid.cli.doctor.finding import Level


@dataclass(frozen=True)
class Finding:
    """The outcome of one check."""

    check: Annotated[str, Field(description="What was checked.")]
    level: Annotated[
        Level,
        Field(
            description="fault: events do not become runs. warning: some day they might not. fine: all is "
            "well."
        ),
    ]
    found: Annotated[str, Field(description="Its state, in words.")]
    fix: Annotated[str | None, Field(description="What to do. null: nothing.")]


@dataclass(frozen=True)
class Examination:
    """A live set-up. With a fault in it the exit code is 1, else 0."""

    findings: Annotated[list[Finding], Field(description="The findings, in the order of the checks.")]
    faults: Annotated[int, Field(description="How many of them are faults.")]
    warnings: Annotated[int, Field(description="How many of them are warnings.")]
    passed: Annotated[int, Field(description="How many of them are fine.")]


def examination_output(findings: Sequence[finding.Finding]) -> Examination:
    """Return findings for programs."""
    levels = [one.level for one in findings]
    return Examination(
        [Finding(one.check, one.level, one.found, one.mend or None) for one in findings],
        levels.count("fault"),
        levels.count("warning"),
        levels.count("fine"),
    )
