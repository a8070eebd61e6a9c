"""What the contenders have to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.benchmark.figures import burst_figures, latencies, paced_figures
from tests.benchmark.idle import crowd, idle
from tests.benchmark.measurement import Measurement
from tests.benchmark.names import HYBRID, PEERS, QUEUE, RESTS, TO_MANY

if TYPE_CHECKING:
    from tests.benchmark.contenders import Contender, Hybrid, QueueContender, ReceiveMessage, Rest, Sent
    from tests.benchmark.figures import Figures
    from tests.benchmark.outcome import Outcome

BATCH = {"max_events": 500}


@dataclass(frozen=True)
class Load:
    """A load, and who is given it.

    Args:
        name: What it is called.
        title: The same, in words.
        measure: Plays it: for a contender that is ready for it, in a round.
        contenders: Their names.
        rounds: In how many rounds it is played at most.
        counted: Whether the requests to SQS are to be counted, which slows them down.
    """

    name: str
    title: str
    measure: Callable[[Any, int], Measurement]
    contenders: tuple[str, ...]
    rounds: int = 1000
    counted: bool = False


def paced(
    contender: QueueContender | ReceiveMessage, number: int, *, load: str, events: int, every: float
) -> Measurement:
    """Send an event every so many seconds."""
    since = datetime.now(timezone.utc)
    with contender.stream(_ids(load, contender.name, number), every) as stream:
        contender.world.wait(
            lambda: len(stream.sent) >= events, 2 * events * every, f"{events} events", every=0.05
        )
    return _measured(contender, number, load, stream.sent, since, paced_figures)


def to_many(
    contender: Hybrid, number: int, *, load: str, partners: int, events: int, every: float
) -> Measurement:
    """Send an event every so many seconds, to so many partners in turn."""
    contender.route(partners)
    contender.wait_until_calm()
    measurement = paced(contender, number, load=load, events=events, every=every)
    contender.route()
    return measurement


def burst(
    contender: QueueContender | Rest, number: int, *, load: str, events: int, ends_runs: bool = False
) -> Measurement:
    """Send many events at once."""
    since = datetime.now(timezone.utc)
    sent = contender.burst(_ids(load, contender.name, number), events)
    return _measured(contender, number, load, sent, since, burst_figures, ends_runs=ends_runs)


def warm_up(contender: Contender, number: int) -> None:
    """Let a contender do its work once before it is measured: what Airflow does first takes it long."""
    if contender.name in (HYBRID, *PEERS, *RESTS):
        burst(contender, number, load="warm_up", events=1)  # type: ignore[arg-type]


def batched(contender: Hybrid, number: int, *, load: str, events: int) -> Measurement:
    """Send many events at once to a route that makes one run of many."""
    contender.route(batch=BATCH)
    measurement = burst(contender, number, load=load, events=events)
    contender.route()
    return measurement


def _measured(
    contender: Contender,
    number: int,
    load: str,
    sent: Sent,
    since: datetime,
    figures: Callable[[Outcome], Figures],
    *,
    ends_runs: bool = False,
) -> Measurement:
    outcome = contender.outcome(sent, since, ends_runs=ends_runs)
    return Measurement(
        load,
        contender.name,
        number,
        figures=figures(outcome),
        events=len(sent),
        missing=outcome.missing,
        twice=outcome.twice,
        latencies=[round(seconds, 3) for seconds in latencies(outcome)],
    )


def _ids(*parts: object) -> str:
    return "-".join(map(str, parts))


_ALL = (HYBRID, *PEERS)
LOADS = [
    Load("sparse", "one event per 12 s", partial(paced, load="sparse", events=3, every=12.0), _ALL),
    Load(
        "steady",
        "one event per second",
        partial(paced, load="steady", events=60, every=1.0),
        (*_ALL, QUEUE),
    ),
    *(
        Load(
            f"steady_{partners}x{per_second}",
            f"{per_second} per second, {partners} partners",
            partial(
                to_many,
                load=f"steady_{partners}x{per_second}",
                partners=partners,
                events=60 if per_second == 1 else 300,
                every=1 / per_second,
            ),
            (HYBRID,),
        )
        for partners, per_second in TO_MANY
    ),
    Load("burst_100", "burst of 100", partial(burst, load="burst_100", events=100), _ALL),
    Load("burst_1000", "burst of 1,000", partial(burst, load="burst_1000", events=1000), (HYBRID, *RESTS)),
    Load("batch", "10,000 events in batches", partial(batched, load="batch", events=10_000), (HYBRID,)),
    Load("crowd", "100 dispatchers more", crowd, (HYBRID,), rounds=1),
    # Airflow ends seven or eight runs of a DAG a second, and the dispatcher would wait for that, for twenty
    # minutes.
    Load(
        "burst_10000",
        "burst of 10,000",
        partial(burst, load="burst_10000", events=10_000, ends_runs=True),
        (HYBRID,),
        rounds=1,
    ),
    Load("idle", "nothing", idle, (HYBRID, "nobody"), rounds=1, counted=True),
]
