"""A partner whose files come out of a spreadsheet: semicolons, decimal commas, dates like 22.11.2026.

The dialect is described in one place, each cell has a function that reads it, and all of the work is one
task: reading the file a second time is cheaper than a second process.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.sdk import dag, task
from partner_days import ORDERS, AirflowFailException, start_final_dag, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk.types import DagRunProtocol, OutletEventAccessorsProtocol

COLUMNS = ["Bestellung", "Datum", "Betrag"]
orders = ORDERS["partner_b"]


class Spreadsheet(csv.excel):
    """What a spreadsheet with European settings calls CSV."""

    delimiter = ";"
    strict = True


@dag(
    schedule=None,
    tags=["partner"],
    doc_md=__doc__,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
)
def partner_b() -> None:
    @task(outlets=[orders])
    def summarise(dag_run: DagRunProtocol, outlet_events: OutletEventAccessorsProtocol) -> str:
        bucket, key = dag_run.conf["bucket"], dag_run.conf["key"]
        s3 = S3Hook()
        try:
            day = date.fromisoformat(dag_run.conf["day"])
            amounts = read_amounts(s3.read_key(key, bucket), day)
        except (ValueError, csv.Error) as error:
            # The file would be the same the next time, so no retry.
            raise AirflowFailException(f"s3://{bucket}/{key}: {error}") from error
        summary = {"bucket": bucket, "day": str(day), "orders": len(amounts), "total": str(sum(amounts))}
        s3.load_string(json.dumps(summary), f"summaries/{day}.json", bucket, replace=True)
        return tell(outlet_events, orders, str(day), f"s3://{bucket}/summaries/{day}.json")

    start_final_dag(summarise())


def read_amounts(text: str, day: date) -> list[Decimal]:
    """Return the amount of each order.

    Raises:
        ValueError: The file is not as agreed; the message names the line.
    """
    # A spreadsheet marks UTF-8 with a byte order mark.
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), dialect=Spreadsheet)
    if reader.fieldnames != COLUMNS:
        raise ValueError(f"expected the columns {COLUMNS}, found {reader.fieldnames}")
    amounts = [read_row(row, day, reader.line_num) for row in reader]
    if not amounts:
        raise ValueError("there are no orders in it")
    return amounts


def read_row(row: Mapping[str, str], day: date, line: int) -> Decimal:
    """Return the amount of one order, which must be of the day."""
    try:
        # A date has no time zone.
        ordered = datetime.strptime(row["Datum"], "%d.%m.%Y").date()  # noqa: DTZ007
        amount = read_decimal(row["Betrag"])
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"line {line}: {error}") from error
    if ordered != day:
        raise ValueError(f"line {line}: the order is of {ordered}, not of {day}")
    return amount


def read_decimal(cell: str) -> Decimal:
    """Return the number of a cell like ``1.234,50``."""
    try:
        number = Decimal(cell.replace(".", "").replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(f"Betrag {cell!r} is no number") from error
    if not number.is_finite():
        raise ValueError(f"Betrag {cell!r} is no number")
    return number


partner_b()
