"""A MiniStack of the integration tests' own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.ministack import MiniStack
from tests.harness.running import running


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    with running(MiniStack(tmp_path_factory.mktemp("ministack"))) as server:
        yield server
