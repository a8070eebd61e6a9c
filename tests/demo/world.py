"""What the partners deliver, and what must come of it. Pure data, no AWS and no Airflow."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

DAYS = (date(2026, 11, 21), date(2026, 11, 22))
BUCKETS = ("partner-a", "partner-b", "partner-c", "partner-d")
LATE_DAY = date(2026, 11, 23)
LATE_BUCKETS = ("late-a", "late-b", "late-c")
REPORT_BUCKET = "partner-reports"
DISPATCHER = "hybrid_dispatcher"
"""The dispatcher's DAG, and its Variable."""
MAPPING_DISPATCHER = "mapping_dispatcher"
"""A second one, which leaves all runs to its mapped task `launch`; and its Variable."""
FINAL_DAG = "aggregate_partners"


@dataclass(frozen=True)
class Delivery:
    """One file of one partner for one day, and the total that its orders come to."""

    dag_id: str
    bucket: str
    key: str
    body: bytes
    day: str
    total: Decimal

    @property
    def uri(self) -> str:
        """The object's address."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def conf(self) -> dict[str, str]:
        """What the partner's DAG run must be given."""
        return {"bucket": self.bucket, "key": self.key, "day": self.day}


@dataclass(frozen=True)
class World:
    """All that is uploaded and sent."""

    deliveries: tuple[Delivery, ...]
    unwanted_bucket: str = "partner-d"
    unwanted_key: str = "orders/2026-11-22/orders.csv"
    rubbish: str = "this is no event"

    @cached_property
    def totals(self) -> dict[str, Decimal]:
        """The sum over all partners, by day."""
        days = sorted({delivery.day for delivery in self.deliveries})
        return {day: sum((d.total for d in self.deliveries if d.day == day), Decimal()) for day in days}

    @property
    def unwanted_uri(self) -> str:
        """The address of the object that no route wants."""
        return f"s3://{self.unwanted_bucket}/{self.unwanted_key}"

    @property
    def dead_letters(self) -> dict[str, str]:
        """What must end up in the dead-letter queue, with the type of the error."""
        return {self.unwanted_uri: "Unmatched", self.rubbish: "MessageParseError"}

    @property
    def partner_dags(self) -> list[str]:
        """The DAGs of all partners."""
        return sorted({delivery.dag_id for delivery in self.deliveries})


def make_world(days: tuple[date, ...] = DAYS, late_days: tuple[date, ...] = ()) -> World:
    """Let three partners deliver each of the days, in the format that each of their DAGs reads.

    Args:
        days: Those that are delivered in time.
        late_days: Those that are delivered into buckets of their own.
    """
    partners = (_partner_a, _partner_b, _partner_c)
    in_time = [make(day) for day in days for make in partners]
    late = [
        replace(make(day), bucket=bucket)
        for day in late_days
        for make, bucket in zip(partners, LATE_BUCKETS, strict=True)
    ]
    return World((*in_time, *late))


def configuration(
    queue_url: str, dead_letter_queue_url: str | None, bucket: str = "partner"
) -> dict[str, Any]:
    """Return a dispatcher's Variable: one route for each of the partners a, b and c.

    Args:
        queue_url: The queue.
        dead_letter_queue_url: Its dead-letter queue.
        bucket: What the names of the partners' buckets begin with.
    """
    return {
        "queue_url": queue_url,
        "dead_letter_queue_url": dead_letter_queue_url,
        "routes": [_route(f"partner_{name}", f"{bucket}-{name}") for name in "abc"],
    }


def _route(dag_id: str, bucket: str) -> dict[str, Any]:
    return {
        "name": dag_id,
        "event_pattern": {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": "orders/"}]}},
        },
        "trigger_dag_id": dag_id,
        "conf": {
            "bucket": "{{ event.detail.bucket.name }}",
            "key": "{{ event.detail.object.key }}",
            "day": "{{ event.detail.object.key.split('/')[1] }}",
        },
    }


def _partner_a(day: date) -> Delivery:
    orders = [(number, number % 3 + 1, Decimal(f"{number}.95")) for number in range(1, 8 + day.day % 5)]
    lines = [f"{number},{quantity},{price}" for number, quantity, price in orders]
    total = sum((quantity * price for _, quantity, price in orders), Decimal())
    return _delivery("a", day, "order_id,quantity,unit_price", lines, total)


def _partner_b(day: date) -> Delivery:
    amounts = [Decimal(f"{1000 + number * day.day}.50") for number in range(6)]
    # Python writes 1,234.50 and a European spreadsheet 1.234,50.
    cells = [f"{amount:,}".translate(str.maketrans(",.", ".,")) for amount in amounts]
    lines = [f"B{number};{day:%d.%m.%Y};{cell}" for number, cell in enumerate(cells)]
    return _delivery("b", day, "\ufeffBestellung;Datum;Betrag", lines, sum(amounts, Decimal()))


def _partner_c(day: date) -> Delivery:
    cents = [number * 25 * day.day for number in range(-2, 12)]
    lines = [f"{number},{amount}" for number, amount in enumerate(cents)]
    return _delivery("c", day, "order_id,amount_cents", lines, Decimal(sum(cents)) / 100, packed=True)


def _delivery(
    name: str, day: date, header: str, lines: list[str], total: Decimal, *, packed: bool = False
) -> Delivery:
    body = "\n".join([header, *lines, ""]).encode()
    return Delivery(
        dag_id=f"partner_{name}",
        bucket=f"partner-{name}",
        key=f"orders/{day}/orders.csv.gz" if packed else f"orders/{day}/orders.csv",
        body=gzip.compress(body) if packed else body,
        day=str(day),
        total=total,
    )
