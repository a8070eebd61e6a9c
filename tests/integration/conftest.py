"""A MiniStack of the integration tests' own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.ministack import MiniStack


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    server = MiniStack(tmp_path_factory.mktemp("ministack"))
    try:
        server.start()
        yield server
    finally:
        server.stop()
