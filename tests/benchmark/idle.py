"""What it costs when nothing comes, and what many dispatchers cost."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from tests.benchmark.calm import wait_until_calm
from tests.benchmark.measurement import Measurement
from tests.benchmark.outcome import count_processes
from tests.benchmark.triggerer import Triggerer

if TYPE_CHECKING:
    from tests.benchmark.contenders import Contender, Hybrid

IDLE = 60
"""Seconds without an event."""

CROWD = 100
"""Dispatchers in one triggerer, beside the one that is there anyway."""

_HOUR = 3600


def idle(contender: Contender, number: int) -> Measurement:
    """Let nothing happen, count what happens all the same, and say what that would be in an hour."""
    world = contender.world
    triggerer = Triggerer(world.airflow.components["triggerer"])
    since, polls, cpu = (
        datetime.now(timezone.utc),
        world.proxy.requests["ReceiveMessage"],
        triggerer.cpu_seconds(),
    )
    time.sleep(IDLE)
    spent = {
        "receives_per_hour": world.proxy.requests["ReceiveMessage"] - polls,
        "processes_per_hour": count_processes(contender, since),
        "triggerer_cpu_seconds_per_hour": triggerer.cpu_seconds() - cpu,
    }
    per_hour = {name: count * _HOUR / IDLE for name, count in spent.items()}
    return Measurement("idle", contender.name, number, figures=per_hour)


def crowd(contender: Hybrid, number: int) -> Measurement:
    """Let a hundred more dispatchers listen; tell the memory of each and the warnings of the triggerer."""
    world = contender.world
    triggerer = Triggerer(world.airflow.components["triggerer"])
    listeners = contender.crowd(CROWD)
    before, known = triggerer.resident_bytes(), triggerer.log_size()
    listeners.start()
    wait_until_calm(world, listeners.calm, contender.partners)
    time.sleep(IDLE / 2)
    blocks = triggerer.blocks(known)
    figures = {
        "kib_per_trigger": (triggerer.resident_bytes() - before) / CROWD / 1024,
        "blocked_warnings": float(len(blocks)),
        "longest_block": max(blocks, default=0.0),
    }
    listeners.stop()
    return Measurement("crowd", contender.name, number, figures=figures)
