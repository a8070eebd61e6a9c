"""A step of the demo: what is being done, and for how long already."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

EVERY = 10
"""Seconds between two signs of life where there is no terminal."""


@contextmanager
def step(console: Console, what: str) -> Iterator[Callable[[str], None]]:
    """Say what is being done, again and again how long it has taken so far, and how long it took.

    The block gets a function that takes in what the step waits for just now.
    """
    begin = monotonic()
    with (_on_a_terminal if console.is_terminal else _in_lines)(console, what, begin) as tell:
        yield tell
    console.print(f"  {what} [dim]({monotonic() - begin:.1f} s)[/]", soft_wrap=True)


@contextmanager
def _on_a_terminal(console: Console, what: str, _begin: float) -> Iterator[Callable[[str], None]]:
    # What is long is cut at its end, so the time comes first.
    columns = SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}")
    name = what.partition(":")[0]
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(escape(what), total=None)
        yield lambda text: progress.update(task, description=f"{name}: {escape(text)}")


@contextmanager
def _in_lines(console: Console, what: str, begin: float) -> Iterator[Callable[[str], None]]:
    now, over = what, Event()

    def say() -> None:
        console.print(f"  ... {now} ({monotonic() - begin:.0f} s)", soft_wrap=True, markup=False)

    def tell(text: str) -> None:
        nonlocal now
        if text != now:
            now = text
            say()

    def go_on() -> None:
        while not over.wait(EVERY):
            say()

    thread = Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield tell
    finally:
        over.set()
        thread.join()
