"""`hybrid status`: each dispatcher now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from airflow_provider_hybrid.cli.aws import airflow_is_quiet
from airflow_provider_hybrid.cli.expected import print_expectations
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.cli.output.printing import print_json
from airflow_provider_hybrid.cli.printing import console_for_people, plain, print_what_to_do, printable
from airflow_provider_hybrid.compat.installation import airflow_session, connections_from_database

if TYPE_CHECKING:
    from airflow_provider_hybrid.view.status import Status


def status(
    as_json: JsonOption = False,
) -> None:
    """Show each dispatcher: whether it listens, its queue, what it did in the last hour, what is expected.

    Exits with code 0 if all are well, 1 if one is not, 2 if Airflow's database does not answer.
    """
    with leaving_with_2("hybrid status"), airflow_is_quiet(), airflow_session() as session:
        # Imported here: `hybrid --help` need not wait for Airflow.
        from airflow_provider_hybrid.view.dispatchers import dispatchers
        from airflow_provider_hybrid.view.expectations import expectations_in
        from airflow_provider_hybrid.view.status import status_of

        known = sorted(dispatchers().items())
        with connections_from_database():
            found = [status_of(session, dag_id, variable) for dag_id, variable in known]
            expected = [expectations_in(session, variable) for _, variable in known]
    if as_json:
        # Imported here for the same reason.
        from airflow_provider_hybrid.cli.output.status import Dispatchers, dispatcher_output

        print_json(Dispatchers([*map(dispatcher_output, found, expected)]))
    elif found:
        _print(found)
        print_expectations(console_for_people(wide=True), [view for its in expected for view in its])
    else:
        console_for_people().print("Airflow knows no dispatcher. `hybrid init` writes a DAG file for one")
    raise typer.Exit(int(not all(one.is_well and not one.fault and not one.broken_routes for one in found)))


def _print(found: Sequence[Status]) -> None:
    console = console_for_people(wide=True)
    table = Table(
        "dispatcher", "state", "to be received", "in flight", "dead letters", "last hour", "sent to started"
    )
    for one in found:
        depth = one.depth
        numbers = (depth.waiting, depth.in_flight, depth.dead_letters) if depth else ("?",) * 3
        done = ", ".join(f"{count} {outcome}" for outcome, count in one.lately.outcomes.items() if count)
        median, p95 = one.lately.median, one.lately.p95
        table.add_row(
            plain(one.dag_id),
            plain(one.state, "green" if one.is_well else "red"),
            *("none" if number is None else str(number) for number in numbers),
            done or "nothing",
            "" if median is None else f"median {median:.2f} s, p95 {p95:.2f} s",
        )
    console.print(table)
    troubles = [(one.dag_id, text) for one in found for text in _troubles(one)]
    for dag_id, text in troubles:
        console.print(Text(printable(f"{dag_id}: {text}", keep="\n")))
    print_what_to_do(console, (text for _, text in troubles))


def _troubles(one: Status) -> Iterator[str]:
    if not one.is_well:
        yield one.meaning
    if one.error:
        yield one.error
    if one.fault and one.fault not in one.error:
        yield f"the queue is not known. {one.fault}"
    yield from (f"a route is broken, and the others go on. {fault}" for fault in one.broken_routes)
