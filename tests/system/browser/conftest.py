"""The demo at its end, and somebody who looks at it in Chromium."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.demo.play import Play, play
from tests.harness.environment import PROJECT
from tests.harness.home import fresh_home
from tests.system.browser.chromium import chromium
from tests.system.browser.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="package")
def demo() -> Iterator[Play]:
    """Play the demo, whose parts run on."""
    with ExitStack() as stack:
        home = stack.enter_context(fresh_home(PROJECT / ".test" / "browser"))
        yield play(stack, home)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visitor(browser: Browser, demo: Play) -> Iterator[Visitor]:
    """Somebody who has logged in and sees Airflow's home page."""
    visitor = Visitor(browser, demo.airflow)
    visitor.go_home()
    yield visitor
    visitor.close()
