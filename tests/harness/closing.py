"""Cleaning up whatever happens: success, failure, Ctrl-C, SIGTERM."""

from __future__ import annotations

import signal
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def closing_on_signals() -> Iterator[ExitStack]:
    """Give an ExitStack whose callbacks run to their end.

    The first Ctrl-C (or SIGTERM, or a closed terminal) raises KeyboardInterrupt in the block; while the
    callbacks run, further ones are ignored.
    """
    before = {number: signal.signal(number, _interrupt) for number in _SIGNALS}
    try:
        with ExitStack() as stack:
            try:
                yield stack
            finally:
                for number in _SIGNALS:
                    signal.signal(number, signal.SIG_IGN)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
