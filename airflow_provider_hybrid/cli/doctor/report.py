"""The doctor's findings for people: in lines, as a table would crop what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from airflow_provider_hybrid.cli.doctor.finding import Finding, Level
from airflow_provider_hybrid.cli.printing import printable
from airflow_provider_hybrid.troubleshooting import addresses

STYLES: dict[Level, str] = {"fault": "red", "warning": "yellow", "fine": "green"}
"""The levels, the worst one first."""

INDENT = max(map(len, STYLES)) + 2
"""Columns before the words of a finding."""


def print_report(console: Console, findings: Sequence[Finding]) -> None:
    """Print each finding with what to do, the worst first, and sum them up in the last line.

    Args:
        console: Where to. It wraps lines unless its output is no terminal.
        findings: The findings.
    """
    for level, style in STYLES.items():
        for finding in findings:
            if finding.level == level:
                found = _wrapped(f"{finding.check}: {finding.found}", console)
                console.print(Text.assemble((level.ljust(INDENT), style), found), soft_wrap=True)
                if finding.mend:
                    mend = _wrapped(f"To do: {finding.mend}", console)
                    console.print(Text.assemble(" " * INDENT, mend), soft_wrap=True)
                    for address in addresses(f"{finding.found}\n{finding.mend}"):
                        console.print(Text.assemble(" " * INDENT, address), soft_wrap=True)
    console.print(_summary(findings), soft_wrap=True)


def _wrapped(text: str, console: Console) -> str:
    """Break a text at spaces only, so that a URL or a name can be copied."""
    text = printable(text)
    if not console.soft_wrap:
        width = max(console.width - INDENT, INDENT)
        lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        text = f"\n{' ' * INDENT}".join(lines)
    return text


def _summary(findings: Sequence[Finding]) -> Text:
    levels = [finding.level for finding in findings]
    counts = (
        _counted(levels.count("fault"), "fault"),
        _counted(levels.count("warning"), "warning"),
        f"{_counted(levels.count('fine'), 'check')} passed",
    )
    worst = next((style for level, style in STYLES.items() if level in levels), "")
    return Text(", ".join(counts), f"bold {worst}")


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
