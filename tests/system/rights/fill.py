"""Write lines into the record of both dispatchers: ``python -m tests.system.rights.fill``."""

from __future__ import annotations

from datetime import datetime, timezone

from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.record.line import Line, RunLine
from tests.harness.metadata import Record

COUNTS = {"open_dispatcher": 2, "secret_dispatcher": 5}
"""How many lines each dispatcher has."""


def main() -> None:
    """Write lines of this very moment."""
    now = datetime.now(tz=timezone.utc)
    record = Record(*COUNTS)
    for dag_id, count in COUNTS.items():
        record.write(dag_id, [_line(dag_id, number, now.timestamp()) for number in range(count)], now)


def _line(dag_id: str, number: int, now: float) -> Line:
    event = Headline(f"{dag_id}-event-{number}", "aws.s3", subject=f"s3://{dag_id}-bucket/{number}.csv")
    run = RunLine(f"{dag_id}-route", "partner", f"{dag_id}-run-{number}", event.id, "started")
    return Line(f"{dag_id}-message-{number}", "started", now, now - 1, now - 1, events=(event,), runs=(run,))


if __name__ == "__main__":
    main()
