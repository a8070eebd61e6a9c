"""Leaving a command that cannot do its work: with a sentence, and with all given back."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from airflow_provider_hybrid.cli.printing import printable
from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.troubleshooting import with_addresses


@contextmanager
def leaving_with_2(command: str) -> Iterator[None]:
    """Leave with exit code 2 and a sentence after an error of this package, or of a file.

    Args:
        command: The words with which the sentence begins, for example ``hybrid validate``.
    """
    try:
        yield
    except (HybridError, OSError) as error:
        said = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
        typer.echo(f"{command}: {printable(with_addresses(said), keep=chr(10))}", err=True)
        raise typer.Exit(2) from None


@contextmanager
def ended_by_an_exception() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, so that held messages are given back."""

    def leave(number: int, _frame: object) -> NoReturn:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
