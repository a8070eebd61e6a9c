"""The packages that this one needs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from airflow_provider_hybrid.cli.doctor.finding import Finding

DISTRIBUTION = "airflow-provider-hybrid"


def check_versions() -> Iterator[Finding]:
    """Compare the requirements of this package, without its own extras, with the installed packages."""
    for requirement in _required(DISTRIBUTION):
        finding = _check(requirement)
        yield finding
        if finding.level == "fine":
            yield from (_check(needed) for needed in _brought_by_extras(requirement))


def _check(requirement: Requirement) -> Finding:
    check, mend = f"package {requirement.name}", f"pip install '{_without_marker(requirement)}'"
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        return Finding(check, "fault", "is not installed", mend)
    if requirement.specifier.contains(installed, prereleases=True):
        return Finding(check, "fine", installed)
    return Finding(check, "fault", f"{installed}, but needed is {requirement.specifier}", mend)


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
