"""Whether the packages are there that this one needs, and whether they work together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from airflow_provider_hybrid.cli.doctor.finding import Finding

DISTRIBUTION = "airflow-provider-hybrid"
AIRFLOW = "apache-airflow-core"


@dataclass(frozen=True)
class BrokenPair:
    """Versions of Airflow, and those of another package with which they do not work, though both install.

    Args:
        airflow: The versions of Airflow.
        package: The name of the other package.
        works_with: The versions of it that work.
        effect: What happens with the others.
    """

    airflow: SpecifierSet
    package: str
    works_with: SpecifierSet
    effect: str


BROKEN_PAIRS = (
    BrokenPair(
        SpecifierSet("==3.0.*"),
        "fastapi",
        SpecifierSet("<0.132"),
        "its API server refuses what tasks send (422)",
    ),
    BrokenPair(SpecifierSet("==3.2.*"), "fastapi", SpecifierSet("<0.137"), "its API server does not start"),
)
"""Seen with 3.0.6, 3.2.0 and 3.2.2; Airflow 3.1 and 3.3 themselves ask for versions that work."""


def check_versions() -> Iterator[Finding]:
    """Compare the requirements of this package, without its own extras, with the installed packages."""
    there: list[str] = []
    for requirement in _needed():
        if finding := _check(requirement):
            yield finding
        else:
            there.append(f"{requirement.name} {version(requirement.name)}")
    if there:
        yield Finding("packages", "fine", ", ".join(there))
    yield from _check_pairs()


def _needed() -> Iterator[Requirement]:
    """Yield what this package requires, and what the extras of the packages bring along that are there."""
    for requirement in _required(DISTRIBUTION):
        yield requirement
        if not _check(requirement):
            yield from _brought_by_extras(requirement)


def _check(requirement: Requirement) -> Finding | None:
    """Say what is wrong with a required package; None if nothing is."""
    check, mend = f"package {requirement.name}", f"pip install '{_without_marker(requirement)}'"
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        return Finding(check, "fault", "is not installed", mend)
    if requirement.specifier.contains(installed, prereleases=True):
        return None
    return Finding(check, "fault", f"{installed}, but needed is {requirement.specifier}", mend)


def _check_pairs() -> Iterator[Finding]:
    """Look for packages with which this Airflow does not work."""
    try:
        airflow = version(AIRFLOW)
    except PackageNotFoundError:
        return  # that is told already
    for pair in BROKEN_PAIRS:
        installed = version(pair.package) if pair.airflow.contains(airflow, prereleases=True) else None
        if installed and not pair.works_with.contains(installed, prereleases=True):
            yield Finding(
                f"package {pair.package}",
                "fault",
                f"{installed}, and with it Airflow {airflow} does not work: {pair.effect}",
                # In one step, or pip changes one package for the other.
                f"pip install 'apache-airflow=={airflow}' '{pair.package}{pair.works_with}'",
            )


def _required(distribution: str, extra: str = "") -> Iterator[Requirement]:
    """Yield the requirements of a package on this machine, with one of its extras or without any."""
    for requirement in map(Requirement, requires(distribution) or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement


def _brought_by_extras(requirement: Requirement) -> Iterator[Requirement]:
    """Yield what a requirement's extras bring along: ``amazon[aiobotocore]`` brings the async client."""
    always = set(_required(requirement.name)) if requirement.extras else set()
    for extra in sorted(requirement.extras):
        yield from (needed for needed in _required(requirement.name, extra) if needed not in always)


def _without_marker(requirement: Requirement) -> str:
    """Write a requirement as `pip install` takes it: with a marker pip may install nothing."""
    return str(requirement).partition(";")[0].strip()
