"""What the demo shows at its end. An id has a line of its own, which nobody wraps, so it can be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from tests.harness.api import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tests.demo.outcome import Outcome
    from tests.harness.api import Json

_STATES = {"success": "[green]success[/]", "failed": "[red]failed[/]"}


def parts(
    outcome: Outcome,
    uploaded: Mapping[str, datetime],
    way_in: Callable[[str], str],
    launches: Sequence[Json],
) -> Iterator[Table | str]:
    """Yield the partners' runs, the mapped launches, the final runs and the dead letters.

    Lines are to be printed without wrapping.

    Args:
        outcome: What came of the uploads.
        uploaded: When each object was uploaded, by its address.
        way_in: Says by which way the event of a run came.
        launches: The instances of the mapped task `launch`.
    """
    yield "\n[italic]Uploads and their DAG runs[/]"
    yield "\n".join(_partner_runs(outcome, uploaded, way_in))
    yield "\n[italic]The late day: instances of `launch`[/]"
    yield _launches(launches)
    yield "\n[italic]The final run of each day[/]"
    yield _final_runs(outcome)
    yield "\n[italic]The dead-letter queue[/]"
    yield "\n".join([*_dead_letters(outcome), ""])


def _partner_runs(
    outcome: Outcome, uploaded: Mapping[str, datetime], way_in: Callable[[str], str]
) -> Iterator[str]:
    for uri, runs in outcome.runs.items():
        yield escape(uri)
        for run in runs:
            seconds = (moment(run["queued_at"]) - uploaded[uri]).total_seconds()
            run_id = run["dag_run_id"]
            yield f"  {escape(run_id)}"
            yield f"  [dim]{_state(run)}, {seconds:.1f} s after the upload, by {escape(way_in(run_id))}[/]"
        if not runs:
            yield "  [red]no run[/]"


def _launches(launches: Sequence[Json]) -> Table:
    table = Table("instance", "state")
    for launch in launches:
        if launch["map_index"] >= 0:
            table.add_row(escape(str(launch["rendered_map_index"])), _state(launch))
    return table


def _final_runs(outcome: Outcome) -> Table:
    table = Table("day", "final DAG run", "state")
    table.add_column("total", justify="right")
    table.add_column("total of\nthe uploads", justify="right")
    for day, runs in outcome.finals.items():
        expected = str(outcome.world.totals[day])
        total = str((outcome.reports[day] or {}).get("total", ""))
        for run in runs:
            table.add_row(day, escape(run["dag_id"]), _state(run), escape(total), expected)
        if not runs:
            table.add_row(day, "[red]none[/]", "", "", expected)
    return table


def _dead_letters(outcome: Outcome) -> Iterator[str]:
    for letter in outcome.dead_letters:
        yield escape(letter.content)
        yield f"  [dim]{escape(f'{letter.error_type}: {letter.error_message}')}[/]"


def _state(run: dict[str, str]) -> str:
    return _STATES.get(run["state"], run["state"])
