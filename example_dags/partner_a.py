"""A partner's delivery: check the CSV file, write a summary, and say which day has arrived.

The plain case, and the one to copy first. All there is to know is in the run's conf: ``bucket``, ``key`` and
``day``. `partner_days` tells of the day, for which `aggregate_partners` waits.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypedDict

from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.sdk import dag, task
from partner_days import ORDERS, AirflowFailException, start_final_dag, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk.types import DagRunProtocol, OutletEventAccessorsProtocol

COLUMNS = ["order_id", "quantity", "unit_price"]
orders = ORDERS["partner_a"]


class Summary(TypedDict):
    """What a delivery comes to; the total is a decimal number in a string, exact to the cent."""

    bucket: str
    day: str
    orders: int
    total: str


@dag(
    schedule=None,
    tags=["partner"],
    doc_md=__doc__,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
)
def partner_a() -> None:
    @task(multiple_outputs=False)
    def check(dag_run: DagRunProtocol) -> Summary:
        bucket, key, day = delivery(dag_run.conf)
        amounts = read_amounts(S3Hook().read_key(key, bucket), f"s3://{bucket}/{key}")
        return Summary(bucket=bucket, day=day, orders=len(amounts), total=str(sum(amounts)))

    @task(outlets=[orders])
    def publish(summary: Summary, outlet_events: OutletEventAccessorsProtocol) -> str:
        bucket, key = summary["bucket"], f"summaries/{summary['day']}.json"
        S3Hook().load_string(json.dumps(summary), key, bucket, replace=True)
        return tell(outlet_events, orders, summary["day"], f"s3://{bucket}/{key}")

    start_final_dag(publish(check()))


def delivery(conf: Mapping[str, str] | None) -> tuple[str, str, str]:
    """Return bucket, key and day of a run's conf; what came with an event is checked before it is used."""
    conf = conf or {}
    try:
        return conf["bucket"], conf["key"], date.fromisoformat(conf["day"]).isoformat()
    except KeyError as missing:
        raise AirflowFailException(f"the run's conf lacks {missing}; it has {sorted(conf)}") from missing
    except ValueError as error:
        raise AirflowFailException(f"the conf's day is no date: {error}") from error


def read_amounts(text: str, source: str) -> list[Decimal]:
    """Return quantity times unit price of each order.

    Raises:
        AirflowFailException: The file is not as agreed: the message names file and line. The file would be
            the same the next time, so no retry.
    """
    rows = csv.reader(io.StringIO(text))
    if (header := next(rows, [])) != COLUMNS:
        raise AirflowFailException(f"{source}: expected the columns {COLUMNS}, found {header}")
    amounts = [amount(row, f"{source}, line {rows.line_num}") for row in rows]
    if not amounts:
        raise AirflowFailException(f"{source}: there are no orders in it")
    return amounts


def amount(row: list[str], place: str) -> Decimal:
    """Return quantity times unit price."""
    try:
        _, quantity, unit_price = row
        result = int(quantity) * Decimal(unit_price)
    except (ValueError, InvalidOperation) as error:
        raise AirflowFailException(f"{place}: expected an id and two numbers, found {row}") from error
    if not result.is_finite():
        raise AirflowFailException(f"{place}: the unit price is no number: {row}")
    return result


partner_a()
