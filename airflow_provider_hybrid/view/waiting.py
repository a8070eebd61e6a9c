"""What final DAGs wait for: who has delivered, and who has not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from airflow_provider_hybrid.compat.database import AssetModel
from airflow_provider_hybrid.compat.partitions import MapperError, keys_wanted, rollups
from airflow_provider_hybrid.routing.run_id import in_run_id
from airflow_provider_hybrid.view.condition import awaited
from airflow_provider_hybrid.view.pending import Arrival, Pending, pending_runs
from airflow_provider_hybrid.view.producers import Producers, producers_of
from airflow_provider_hybrid.view.runs import RunNow, newest_runs

MOST = 200
"""The most pending runs that are looked at, the newest ones."""

LOOK_BACK = 2_000
"""The most runs of partner DAGs, the newest ones, among which one for a partition is looked for."""

KEYS = 5
"""The most missing keys of an asset that are named."""


@dataclass(frozen=True)
class Partner:
    """An asset that a final DAG waits for, and who delivers it.

    Args:
        asset: The asset's name.
        producers: Who delivers it.
        at: When it came last, in seconds since 1970; None if it has not come.
        lacks: What of it is missing although it came; empty otherwise.
        runs: The run that delivered it; or else, of each DAG that may, the newest run with the partition in
            its id.
    """

    asset: str
    producers: Producers
    at: float | None
    lacks: str
    runs: Sequence[RunNow]


@dataclass(frozen=True)
class Waiting:
    """A run of a final DAG for which not all partners have delivered.

    Args:
        dag_id: The final DAG.
        is_paused: Whether it is paused.
        partition: The key of the partition; empty if the DAG waits for no partitions.
        since: When the first partner delivered, in seconds since 1970.
        missing: Who has not delivered.
        there: Who has.
    """

    dag_id: str
    is_paused: bool
    partition: str
    since: float
    missing: Sequence[Partner]
    there: Sequence[Partner]


@dataclass(frozen=True)
class WaitingRuns:
    """The runs that wait, the newest first, and whether there may be more."""

    runs: Sequence[Waiting]
    more: bool


def waiting_runs(session: Any, readable: Collection[str]) -> WaitingRuns:
    """Look at the final DAGs.

    Args:
        session: A session of Airflow's database.
        readable: The DAGs that the user may read. Of others nothing is returned.
    """
    found = pending_runs(session, readable, MOST + 1)
    pending = [one for one in found[:MOST] if one.dag.asset_expression]
    known = _look_up(session, pending, readable)
    waiting = (_waiting(one, known) for one in pending)
    return WaitingRuns([one for one in waiting if one.missing], len(found) > MOST)


class _Asset(NamedTuple):
    """An asset: its number in the database, its name, its URI."""

    number: int
    name: str
    uri: str


@dataclass(frozen=True)
class _Known:
    """What is known of the assets of all pending runs.

    Args:
        assets: The assets, by number, name and URI.
        timetables: The timetables of final DAGs with rollups, by DAG id.
        producers: Who delivers an asset, by its number.
        newest: The newest runs of the DAGs that deliver, by DAG id.
        readable: The DAGs that the user may read.
    """

    assets: Mapping[int | str, _Asset]
    timetables: Mapping[str, Any]
    producers: Mapping[int, Producers]
    newest: Mapping[str, Sequence[RunNow]]
    readable: Collection[str]


def _look_up(session: Any, pending: Sequence[Pending], readable: Collection[str]) -> _Known:
    names = sorted({name for one in pending for name in awaited(one.dag.asset_expression, ())})
    numbers = sorted({arrival.asset_id for one in pending for arrival in one.arrivals})
    named = or_(AssetModel.id.in_(numbers), AssetModel.name.in_(names), AssetModel.uri.in_(names))
    rows = session.execute(select(AssetModel.id, AssetModel.name, AssetModel.uri).where(named))
    assets = [_Asset(*row) for row in rows]
    producers = producers_of(session, [asset.number for asset in assets], readable)
    partners = {dag_id for one in producers.values() for dag_id in one.dag_ids}
    return _Known(
        {key: asset for asset in assets for key in asset},
        rollups(session, {one.dag.dag_id: one.dag for one in pending}.values()),
        producers,
        newest_runs(session, partners, LOOK_BACK),
        readable,
    )


def _waiting(pending: Pending, known: _Known) -> Waiting:
    arrived = {arrival.asset_id: arrival for arrival in pending.arrivals if arrival.asset_id in known.assets}
    lacks = {number: _lacks(pending, known.assets[number], known) for number in arrived}
    complete = [known.assets[number] for number in arrived if not lacks[number]]
    missing = awaited(pending.dag.asset_expression, {name for asset in complete for name in asset[1:]})
    return Waiting(
        pending.dag.dag_id,
        pending.dag.is_paused,
        pending.partition,
        pending.since.timestamp(),
        [_missing(name, pending, arrived, lacks, known) for name in missing],
        [_there(asset, arrived[asset.number], known) for asset in complete],
    )


def _lacks(pending: Pending, asset: _Asset, known: _Known) -> str:
    """Say what is missing of an asset that came: Airflow may wait for several keys of it."""
    timetable = known.timetables.get(pending.dag.dag_id)
    try:
        wanted = keys_wanted(pending.dag, timetable, asset.name, asset.uri, pending.partition)
    except MapperError:
        return "its partition mapper fails; the scheduler's log says why"
    came = {arrival.key for arrival in pending.arrivals if arrival.asset_id == asset.number}
    missing = sorted((wanted or frozenset()) - came)
    if not missing:
        return ""
    more = ", ..." if len(missing) > KEYS else ""
    return f"{len(missing)} of {len(wanted or ())} keys: {', '.join(missing[:KEYS])}{more}"


def _there(asset: _Asset, arrival: Arrival, known: _Known) -> Partner:
    producers = known.producers.get(asset.number, Producers())
    runs = [arrival.run] if arrival.run and arrival.run.dag_id in known.readable else []
    return Partner(asset.name, producers, arrival.at.timestamp(), "", runs)


def _missing(
    name: str,
    pending: Pending,
    arrived: Mapping[int, Arrival],
    lacks: Mapping[int, str],
    known: _Known,
) -> Partner:
    asset = known.assets.get(name, _Asset(-1, name, name))
    producers = known.producers.get(asset.number, Producers())
    arrival = arrived.get(asset.number)
    runs = (_newest_about(pending.partition, known.newest.get(dag_id, ())) for dag_id in producers.dag_ids)
    return Partner(
        asset.name,
        producers,
        arrival.at.timestamp() if arrival else None,
        lacks.get(asset.number, ""),
        [run for run in runs if run],
    )


def _newest_about(partition: str, runs: Iterable[RunNow]) -> RunNow | None:
    """Return the first run with a partition's key in its id, as a word of its own; any run without a key."""
    key = in_run_id(partition)
    if partition and not key:
        return None
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(key)}(?![A-Za-z0-9])")
    return next((run for run in runs if not key or (key in run.run_id and word.search(run.run_id))), None)
