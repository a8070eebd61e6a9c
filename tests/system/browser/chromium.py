"""Chromium without a window: the one that the machine has."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), None)

needs_chromium = pytest.mark.skipif(
    PROGRAM is None, reason=f"no Chromium is on PATH ({', '.join(NAMES)}): install Debian's package chromium"
)

PATIENCE = 60_000
"""Milliseconds until something that is expected must be there."""

FLAGS = [
    # Its sandbox does not work for root, and in many containers. It sees the pages of the tests only.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # It asks nobody but the Airflow of the tests.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium for the block.

    Raises:
        RuntimeError: There is none on this machine.
    """
    from playwright.sync_api import expect, sync_playwright

    if PROGRAM is None:
        raise RuntimeError(f"no Chromium is on PATH: {', '.join(NAMES)}")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
