"""Dispatchers that are in each other's way: by one Variable, by one queue, or by one DAG id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from airflow_provider_hybrid.cli.doctor.finding import Finding, Level
from airflow_provider_hybrid.compat.installation import airflow_session
from airflow_provider_hybrid.sqs.url import queue_identity

CHECK = "dispatchers"

VERSIONS = 10
"""The number of a DAG's versions to look at. Two DAGs that overwrite each other make that many in minutes."""


def check_states(dag_ids: Iterable[str]) -> Iterator[Finding]:
    """Look for dispatchers that receive nothing.

    Args:
        dag_ids: The dispatchers.

    Raises:
        NoDatabaseError: If Airflow's database does not answer.
    """
    # Imported here: `hybrid --help` need not wait for Airflow.
    from airflow_provider_hybrid.view.state import MEANINGS, REMEDIES, WELL, state_of

    with airflow_session() as session:
        states = {dag_id: state_of(session, dag_id) for dag_id in dag_ids}
    for dag_id, state in sorted(states.items()):
        if state not in WELL:
            level: Level = "warning" if state == "paused" else "fault"
            yield Finding(CHECK, level, f"{dag_id!r}: {MEANINGS[state]}", REMEDIES[state])


def check_variables(dispatchers: Mapping[str, str]) -> Iterator[Finding]:
    """Look for dispatchers that share a configuration: each gets only a part of the messages.

    Args:
        dispatchers: The Variable of each dispatcher, by DAG id.
    """
    dag_ids: dict[str, list[str]] = defaultdict(list)
    for dag_id, variable in dispatchers.items():
        dag_ids[variable].append(dag_id)
    for variable, several in sorted(dag_ids.items()):
        if len(several) > 1:
            found = f"the DAGs {_listed(several)} all answer to the Variable {variable!r}"
            mend = "Remove all but one, or give each its own: build_dispatcher(config_variable=...)"
            yield Finding(CHECK, "warning", found, mend)


def check_queues(queue_urls: Mapping[str, str]) -> Iterator[Finding]:
    """Look for configurations that share a queue: the routes of only one of them get a message.

    Args:
        queue_urls: The ``queue_url`` in each dispatcher's Variable, by the Variable's key.
    """
    variables: dict[tuple[str | None, ...], list[str]] = defaultdict(list)
    for variable, queue_url in sorted(queue_urls.items()):
        variables[queue_identity(queue_url)].append(variable)
    for several in variables.values():
        if len(several) > 1:
            queue_url = queue_urls[several[0]]
            found = (
                f"the Variables {_listed(several)} all name the queue {queue_url}, with dispatchers on each"
            )
            yield Finding(CHECK, "warning", found, "Give each a queue, or one dispatcher all of the routes")


def check_bundles(bundles: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Look for DAGs that several bundles hold: they overwrite each other, and tasks under way are removed.

    Args:
        bundles: For each DAG the bundles of its latest versions, the oldest first, and then its bundle now.
    """
    for dag_id, names in sorted(bundles.items()):
        in_turn = [name for name, _ in groupby(names)]
        if len(in_turn) > len(set(in_turn)) or names[-1] != names[-2]:
            found = (
                f"the DAG {dag_id!r} comes now from one DAG bundle, now from another: {_listed(set(in_turn))}"
            )
            mend = "Keep its file in one of them. If you have just moved it, look again in a minute"
            yield Finding(CHECK, "warning", found, mend)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, sorted(names)))
