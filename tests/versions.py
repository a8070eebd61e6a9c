"""Write the table of `docs/versions.md` from the reports of pytest: ``python -m tests.versions``."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from packaging.version import Version

from tests.harness.environment import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

PAGE = PROJECT / "docs" / "versions.md"
REPORTS = PROJECT / ".test" / "reports"
BEGIN, END = "<!-- written by `make versions` -->\n", "<!-- end -->\n"

Results = dict[str, dict[str, dict[str, str]]]
"""What came of each test, by version, by subject, by test."""


def main() -> None:
    """Put the table into the page."""
    versions = sorted(
        (file.stem.removeprefix("airflow-") for file in (PROJECT / "constraints").glob("airflow-3.*.txt")),
        key=Version,
    )
    before, _, rest = PAGE.read_text().partition(BEGIN)
    results = read(REPORTS.glob("*.xml"))
    PAGE.write_text(before + BEGIN + table(results, versions) + END + rest.partition(END)[2])


def read(reports: Iterable[Path]) -> Results:
    """Read reports named ``<version of Airflow>-<anything>.xml``; the newest result of a test counts."""
    results: Results = defaultdict(lambda: defaultdict(dict))
    for report in sorted(reports, key=lambda report: report.stat().st_mtime):
        version = report.stem.partition("-")[0]
        for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest has written it
            # A module that cannot be collected is a case by its name; one that was cut off has no name.
            name = case.get("name", "")
            module = case.get("classname") or name
            if not module:
                continue
            results[version][subject(module)][f"{module}.{name}"] = outcome(case)
    return results


def subject(module: str) -> str:
    """Return what the tests of a module are about: all unit tests one thing, each system test another."""
    _, kind, *parts = module.split(".")
    return (
        kind
        if kind != "system"
        else ": ".join(part.removeprefix("test_").replace("_", " ") for part in parts)
    )


def outcome(case: ET.Element) -> str:
    """Return what came of a test."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"


def table(results: Mapping[str, Mapping[str, Mapping[str, str]]], versions: list[str]) -> str:
    """Return a Markdown table with a row for each subject and a column for each version."""
    found = {name for version in versions for name in results.get(version, {})}
    subjects = sorted(
        found, key=lambda name: (name not in ("unit", "integration"), name.startswith("faults"), name)
    )
    lines = [["", *(f"Airflow {version}" for version in versions)], ["---"] * (len(versions) + 1)]
    lines += [
        [name, *(cell(results.get(version, {}).get(name, {})) for version in versions)] for name in subjects
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(outcomes: Mapping[str, str]) -> str:
    """Say how many tests passed, failed and were skipped."""
    counts = Counter(outcomes.values())
    said = [f"{counts[word]} {word}" for word in ("passed", "failed", "skipped") if counts[word]]
    return ", ".join(said) or "not run"


if __name__ == "__main__":
    main()
