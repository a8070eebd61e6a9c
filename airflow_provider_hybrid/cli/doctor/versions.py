"""Whether the packages are there that this one needs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from airflow_provider_hybrid.cli.doctor.finding import Finding

DISTRIBUTION = "airflow-provider-hybrid"


def check_versions() -> Iterator[Finding]:
    """Compare what this package requires with what is installed; its own extras require nothing."""
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
    return Finding(check, "fault", f"{installed}, and it takes {requirement.specifier}", mend)


def _required(distribution: str, extra: str = "") -> Iterator[Requirement]:
    """Give what a package requires here, with one of its extras or without any."""
    for requirement in map(Requirement, requires(distribution) or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement


def _brought_by_extras(requirement: Requirement) -> Iterator[Requirement]:
    """Give what the extras that a requirement names bring along: ``amazon[aiobotocore]`` the async client."""
    always = set(_required(requirement.name)) if requirement.extras else set()
    for extra in sorted(requirement.extras):
        yield from (needed for needed in _required(requirement.name, extra) if needed not in always)


def _without_marker(requirement: Requirement) -> str:
    """Write a requirement as `pip install` takes it: with a marker pip may install nothing."""
    return str(requirement).partition(";")[0].strip()
