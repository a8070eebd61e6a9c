"""What came of the uploads, as Airflow and AWS have it now, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.exceptions import MessageParseError
from tests.demo.world import FINAL_DAG, REPORT_BUCKET

if TYPE_CHECKING:
    from tests.demo.cloud import Cloud
    from tests.demo.world import Delivery, World
    from tests.harness.api import AirflowApi, Json

_ACTIVE = ("queued", "running")


@dataclass(frozen=True)
class DeadLetter:
    """A message in the dead-letter queue and why it is there."""

    content: str
    error_type: str
    error_message: str


@dataclass(frozen=True)
class Outcome:
    """A snapshot.

    ``runs`` has the DAG runs with each delivery's conf, by the delivery's address; ``strays`` those of the
    partners' DAGs that no delivery explains; ``finals`` and ``reports`` are by day.
    """

    world: World
    runs: dict[str, list[Json]]
    strays: list[Json]
    finals: dict[str, list[Json]]
    reports: dict[str, Any]
    dead_letters: list[DeadLetter]
    backlog: int

    @property
    def complete(self) -> bool:
        """Whether nothing more is to be expected, be it right or wrong."""
        expected = [*self.runs.values(), *self.finals.values()]
        states = [run["state"] for found in expected for run in found]
        if any(state in _ACTIVE for state in states):
            return False
        # After a failure there is no final run to wait for.
        return "failed" in states or (
            all(expected) and len(self.dead_letters) >= len(self.world.dead_letters) and not self.backlog
        )

    def progress(self) -> str:
        """Say in a few words how far things are."""
        runs = sum(bool(found) for found in self.runs.values())
        finals = sum(bool(found) for found in self.finals.values())
        return (
            f"{runs} of {len(self.runs)} partner runs, {finals} of {len(self.finals)} final runs, "
            f"{len(self.dead_letters)} of {len(self.world.dead_letters)} dead letters, "
            f"{self.backlog} messages in the queue"
        )

    def faults(self) -> list[str]:
        """Say what is not as it must be, one sentence each; nothing if all is right."""
        return [
            *(fault for delivery in self.world.deliveries for fault in self._run_faults(delivery)),
            *(f"{run['dag_id']} {run['dag_run_id']}: nothing was uploaded for it" for run in self.strays),
            *(fault for day in self.world.totals for fault in self._final_faults(day)),
            *self._dead_letter_faults(),
            *([f"{self.backlog} messages are still in the queue"] if self.backlog else []),
        ]

    def _run_faults(self, delivery: Delivery) -> list[str]:
        found = self.runs[delivery.uri]
        if len(found) != 1:
            return [f"{delivery.uri}: {len(found)} runs of {delivery.dag_id} instead of one"]
        run = found[0]
        faults = []
        if run["state"] != "success":
            faults.append(f"{delivery.uri}: {run['dag_id']} {run['dag_run_id']} is {run['state']}")
        if not run["dag_run_id"].startswith(f"{delivery.dag_id}__"):
            faults.append(
                f"{delivery.uri}: the run id {run['dag_run_id']} does not begin with the route's name"
            )
        return faults

    def _final_faults(self, day: str) -> list[str]:
        found, report, total = self.finals[day], self.reports[day], self.world.totals[day]
        if len(found) != 1:
            return [f"{day}: {len(found)} runs of {FINAL_DAG} instead of one"]
        if found[0]["state"] != "success":
            return [f"{day}: {FINAL_DAG} is {found[0]['state']}"]
        if report is None or Decimal(report["total"]) != total:
            return [f"{day}: the report is {report}, the total must be {total}"]
        return []

    def _dead_letter_faults(self) -> list[str]:
        found = {letter.content: letter.error_type for letter in self.dead_letters}
        expected = self.world.dead_letters
        return [
            *(f"{content}: not in the dead-letter queue" for content in expected.keys() - found.keys()),
            *(
                f"{content}: must not be in the dead-letter queue"
                for content in found.keys() - expected.keys()
            ),
            *(
                f"{content}: dead-lettered for {found[content]!r} instead of {expected[content]!r}"
                for content in expected.keys() & found.keys()
                if found[content] != expected[content]
            ),
        ]


def observe(world: World, api: AirflowApi, cloud: Cloud) -> Outcome:
    """Ask Airflow and AWS how things stand."""
    runs = [run for dag_id in world.partner_dags for run in api.runs(dag_id)]
    by_uri = {
        delivery.uri: [
            run for run in runs if run["dag_id"] == delivery.dag_id and run["conf"] == delivery.conf
        ]
        for delivery in world.deliveries
    }
    explained = {id(run) for found in by_uri.values() for run in found}
    finals = api.runs(FINAL_DAG)
    return Outcome(
        world=world,
        runs=by_uri,
        strays=[run for run in runs if id(run) not in explained],
        finals={day: [run for run in finals if _day(run) == day] for day in world.totals},
        reports={day: cloud.download_json(REPORT_BUCKET, f"reports/{day}.json") for day in world.totals},
        dead_letters=[_dead_letter(message) for message in cloud.dead_letters()],
        backlog=cloud.backlog(),
    )


def _day(final_run: Json) -> str:
    """Return the day of a final run: its partition, or its id before Airflow 3.3."""
    day: str = final_run.get("partition_key") or final_run["dag_run_id"]
    return day


def _dead_letter(message: dict[str, Any]) -> DeadLetter:
    attributes = message.get("MessageAttributes", {})
    return DeadLetter(
        content=_content(message["Body"]),
        error_type=attributes.get("HybridErrorType", {}).get("StringValue", ""),
        error_message=attributes.get("HybridErrorMessage", {}).get("StringValue", ""),
    )


def _content(body: str) -> str:
    """Return the address of the object that an event is about, or the body itself."""
    try:
        (event,) = parse_message(Message("", body))
    except MessageParseError:
        return body
    return f"s3://{event.detail['bucket']['name']}/{event.detail['object']['key']}"
