"""A directory for the data and logs of one run, kept until the next one."""

from __future__ import annotations

import fcntl
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def fresh_home(path: Path) -> Iterator[Path]:
    """Empty a directory, and keep other runs out of it for the time of the block.

    Raises:
        RuntimeError: Another run is using it.
    """
    path.mkdir(parents=True, exist_ok=True)
    with (path / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError(f"another run is using {path}") from None
        for leftover in path.iterdir():
            if leftover.is_dir():
                shutil.rmtree(leftover)
        yield path
