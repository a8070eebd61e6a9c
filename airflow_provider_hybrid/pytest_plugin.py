"""What pytest gets from this package: the fixture `hybrid_routes`.

pytest loads this module wherever the package is installed, so it imports nothing until somebody asks for the
fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from airflow_provider_hybrid.testing import Routes

OPTION = "hybrid_routes"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting that names the configuration's file."""
    parser.addini(OPTION, "the file of the hybrid dispatcher's configuration, for the fixture of this name")


@pytest.fixture(scope="session")
def hybrid_routes(pytestconfig: pytest.Config) -> Routes:
    """The routes of the file that the setting `hybrid_routes` names (`airflow_provider_hybrid.testing`)."""
    named = str(pytestconfig.getini(OPTION))
    if not named:
        raise pytest.UsageError(
            "the fixture 'hybrid_routes' has no configuration: set 'hybrid_routes' in pytest's settings, as "
            'hybrid_routes = "hybrid_dispatcher.json" under [tool.pytest.ini_options] in pyproject.toml; the '
            "path begins at the file of the settings"
        )
    # Imported here: pytest starts in every project of an environment, and most have no routes.
    from airflow_provider_hybrid.testing import routes_of

    return routes_of((pytestconfig.inipath or pytestconfig.rootpath / "-").parent / named)
