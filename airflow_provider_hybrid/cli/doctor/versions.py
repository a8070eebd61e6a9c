"""Whether the packages are there that this one needs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from airflow_provider_hybrid.cli.doctor.finding import Finding

DISTRIBUTION = "airflow-provider-hybrid"


def check_versions() -> Iterator[Finding]:
    """Compare each package with what this one's metadata asks for, the extras' packages among them."""
    for line in requires(DISTRIBUTION) or ():
        requirement = Requirement(line)
        check = f"package {requirement.name}"
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            yield Finding(check, "fault", "is not installed", f"pip install '{requirement}'")
            continue
        if requirement.specifier.contains(installed, prereleases=True):
            yield Finding(check, "fine", installed)
        else:
            found = f"{installed}, and it takes {requirement.specifier}"
            yield Finding(check, "fault", found, f"pip install '{requirement}'")
