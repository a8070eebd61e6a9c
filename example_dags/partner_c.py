"""A partner with large files: gzip, read as a stream, one line in memory at a time.

Amounts are whole cents and refunds are negative. A file that breaks off in the middle is an error, never a
smaller total.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from datetime import date, timedelta
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.sdk import dag, task
from partner_days import ORDERS, AirflowFailException, start_final_dag, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from airflow.sdk.types import DagRunProtocol, OutletEventAccessorsProtocol

COLUMNS = ["order_id", "amount_cents"]
UNREADABLE = (ValueError, EOFError, gzip.BadGzipFile, zlib.error, csv.Error)
orders = ORDERS["partner_c"]


@dag(
    schedule=None,
    tags=["partner"],
    doc_md=__doc__,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
)
def partner_c() -> None:
    @task(multiple_outputs=False)
    def add_up(dag_run: DagRunProtocol) -> dict[str, str | int]:
        bucket, key = dag_run.conf["bucket"], dag_run.conf["key"]
        try:
            day = date.fromisoformat(dag_run.conf["day"])
            count, cents = total(stream_cents(S3Hook().get_key(key, bucket).get()["Body"]))
        except UNREADABLE as error:
            # The file would be the same the next time, so no retry.
            raise AirflowFailException(f"s3://{bucket}/{key}: {error}") from error
        return {"bucket": bucket, "day": str(day), "orders": count, "total": f"{Decimal(cents) / 100:.2f}"}

    @task(outlets=[orders])
    def publish(summary: dict[str, Any], outlet_events: OutletEventAccessorsProtocol) -> str:
        bucket, key = summary["bucket"], f"summaries/{summary['day']}.json"
        S3Hook().load_string(json.dumps(summary), key, bucket, replace=True)
        return tell(outlet_events, orders, summary["day"], f"s3://{bucket}/{key}")

    start_final_dag(publish(add_up()))


def stream_cents(body: IO[bytes]) -> Iterator[int]:
    """Yield the amount of each order, in cents, while the object is being read.

    Raises:
        ValueError: A line is not as agreed; the message names it.
        EOFError: The file breaks off.
        gzip.BadGzipFile: It is not gzip.
    """
    with gzip.open(body) as unpacked:
        reader = csv.DictReader(io.TextIOWrapper(unpacked, encoding="utf-8", newline=""), strict=True)
        if reader.fieldnames != COLUMNS:
            raise ValueError(f"expected the columns {COLUMNS}, found {reader.fieldnames}")
        for row in reader:
            yield read_cents(row, reader.line_num)


def read_cents(row: Mapping[str, str], line: int) -> int:
    """Return the amount of one order."""
    try:
        return int(row["amount_cents"])
    except (ValueError, TypeError) as error:
        raise ValueError(f"line {line}: amount_cents is no whole number: {row}") from error


def total(amounts: Iterable[int]) -> tuple[int, int]:
    """Return how many amounts there are, and their sum.

    Raises:
        ValueError: There are none.
    """
    count = cents = 0
    for amount in amounts:
        count, cents = count + 1, cents + amount
    if not count:
        raise ValueError("there are no orders in it")
    return count, cents


partner_c()
