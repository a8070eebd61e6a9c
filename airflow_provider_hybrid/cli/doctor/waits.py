"""The routes whose events wait, compared with what the queue allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from airflow_provider_hybrid.cli.doctor.finding import Finding
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.routing.waiting import SPARE_RECEIVES, receives_for
from airflow_provider_hybrid.sqs.counts import counts_in
from airflow_provider_hybrid.sqs.redrive_policy import RedrivePolicy

CHECK = "waits"

SPARE = 4
"""Receives that a message needs beside those of its waits: tasks die, and DAGs are broken for minutes."""

IN_FLIGHT = 120_000
"""Messages of a standard queue that can be in flight; those that wait are.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""


def check_waits(
    config: DispatcherConfig, queue: Mapping[str, str], policy: RedrivePolicy | None
) -> Iterator[Finding]:
    """Check that messages can wait for as long as windows and delays say.

    Args:
        config: The dispatcher's configuration.
        queue: The queue's attributes.
        policy: Its redrive policy.
    """
    waits = {route.name: route.longest_wait for route in config.routes if route.enabled}
    name = max(waits, key=waits.__getitem__, default="")
    if not name or not waits[name]:
        return
    seconds, receives = waits[name], receives_for(waits[name])
    found = [*_receives(name, receives, policy), *_retention(name, seconds, queue), *_in_flight(queue)]
    yield from found or [Finding(CHECK, "fine", f"{seconds} s at most (route {name!r}), {receives} receives")]


def _receives(route: str, receives: int, policy: RedrivePolicy | None) -> Iterator[Finding]:
    allowed = policy.max_receive_count if policy else receives + SPARE
    mend = f"Set maxReceiveCount to {receives + SPARE} or more"
    # A message waits only while it has receives to spare: the last ones are for its launch.
    needed = receives + SPARE_RECEIVES - 1
    if allowed < needed:
        found = (
            f"maxReceiveCount is {allowed}, and events of route {route!r} wait only with {needed} or more: "
            "they start before their time"
        )
        yield Finding(CHECK, "fault", found, mend)
    elif allowed < receives + SPARE:
        found = (
            f"maxReceiveCount is {allowed}, and waiting takes {receives} receives (route {route!r}): few are "
            "left for trouble"
        )
        yield Finding(CHECK, "warning", found, mend)


def _retention(route: str, seconds: int, queue: Mapping[str, str]) -> Iterator[Finding]:
    kept = int(queue["MessageRetentionPeriod"])
    if seconds >= kept:
        found = f"events of route {route!r} wait for {seconds} s, and SQS drops a message after {kept} s"
        yield Finding(CHECK, "fault", found, "Give the queue a longer MessageRetentionPeriod (up to 1209600)")


def _in_flight(queue: Mapping[str, str]) -> Iterator[Finding]:
    in_flight = counts_in(queue).in_flight
    if in_flight > IN_FLIGHT * 0.8:
        found = f"{in_flight} messages are in flight, and SQS hands out no more from {IN_FLIGHT} on"
        mend = "Shorten windows and delays, or divide the routes among several queues"
        yield Finding(CHECK, "warning", found, mend)
