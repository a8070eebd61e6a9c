"""All checks of the doctor, each after those that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from airflow_provider_hybrid.cli.aws import airflow_is_quiet, client_of, has_connection
from airflow_provider_hybrid.cli.configuration import read_configuration
from airflow_provider_hybrid.cli.dags import dag_troubles
from airflow_provider_hybrid.cli.doctor.dispatchers import (
    CHECK,
    VERSIONS,
    check_bundles,
    check_queues,
    check_states,
    check_variables,
)
from airflow_provider_hybrid.cli.doctor.finding import Finding
from airflow_provider_hybrid.cli.doctor.look import look
from airflow_provider_hybrid.cli.doctor.queues import (
    check_dead_letters,
    check_depth,
    check_kind,
    check_redrive_policy,
    check_retention,
    check_visibility_timeout,
)
from airflow_provider_hybrid.cli.doctor.room import check_room
from airflow_provider_hybrid.cli.doctor.settings import check_heartbeat_timeout
from airflow_provider_hybrid.cli.doctor.trouble import finding_of
from airflow_provider_hybrid.cli.doctor.versions import check_versions
from airflow_provider_hybrid.cli.doctor.waits import check_waits
from airflow_provider_hybrid.compat.installation import (
    NoDatabaseError,
    NotLoadedError,
    bundle_names,
    load_airflow,
    queued_runs,
)
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.documentation import page
from airflow_provider_hybrid.exceptions import ConfigError, QueueError
from airflow_provider_hybrid.sqs.redrive_policy import dead_letter_queue_of, read_redrive_policy
from airflow_provider_hybrid.sqs.url import is_same_queue
from airflow_provider_hybrid.view.dispatchers import dispatchers


def examine(config: DispatcherConfig) -> Iterator[Finding]:
    """Yield the findings of every check; none of them changes anything."""
    yield from check_versions()
    for fault in config.broken.all_faults:
        fix = (fault.fix or f"see {page('routes')}").rstrip("?")
        mend = f"{fix[0].upper()}{fix[1:]}. Meanwhile the other routes go on"
        yield Finding("routes", "fault", str(replace(fault, fix="")), mend)
    try:
        with airflow_is_quiet():
            load_airflow()
    except NotLoadedError as error:
        mend = "Mend Airflow's configuration (AIRFLOW_HOME, airflow.cfg): `airflow db check`"
        yield Finding("Airflow", "fault", f"it cannot be loaded: {error}", mend)
        return
    with airflow_is_quiet():
        settings = list(check_heartbeat_timeout())
    yield from settings
    with airflow_is_quiet():
        findings = list(_aws(config))
    yield from findings
    yield from _dags(config)
    yield from _dispatchers(config)


def _dags(config: DispatcherConfig) -> Iterator[Finding]:
    from sqlalchemy.exc import SQLAlchemyError

    with airflow_is_quiet():
        troubles = list(dag_troubles(config.dag_ids, config.expectations_dag_id if config.expect else None))
    for trouble in troubles:
        yield Finding("DAGs", "fault" if trouble.stops else "warning", trouble.text, trouble.mend)
    if not troubles:
        yield Finding("DAGs", "fine", f"{len(config.dag_ids)} named by routes, all there")
    with airflow_is_quiet(), suppress(SQLAlchemyError):
        yield from check_room(config, queued_runs(config.dag_ids))


def _dispatchers(config: DispatcherConfig) -> Iterator[Finding]:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with airflow_is_quiet():
            variables = dispatchers()
            urls = _queue_urls(set(variables.values()))
            ours = {name for name, url in urls.items() if is_same_queue(url, config.queue_url)}
            found = [
                *check_states(dag_id for dag_id, variable in variables.items() if variable in ours),
                *check_variables(variables),
                *check_queues(urls),
                *check_bundles(bundle_names({*variables, *config.dag_ids}, VERSIONS)),
            ]
    except (SQLAlchemyError, NoDatabaseError):
        return  # `_dags` has said already that the database does not answer.
    yield from found or [Finding(CHECK, "fine", f"{len(variables)} in Airflow, none in another's way")]


def _queue_urls(variables: Iterable[str]) -> dict[str, str]:
    """Return the queue of each Variable; a Variable that is missing or wrong is left out."""
    urls: dict[str, str] = {}
    for variable in variables:
        with suppress(ConfigError):
            urls[variable] = parse_config(*read_configuration(None, variable)).queue_url
    return urls


def _aws(config: DispatcherConfig) -> Iterator[Finding]:
    """Check the connection, the queues and the rights; stop where a further check could tell nothing."""
    # Imported here: `hybrid --help` need not wait for AWS's library.
    from airflow_provider_hybrid.sqs.errors import AWS_ERRORS

    called = config.queue
    if not has_connection(config):
        name = called.aws_conn_id
        mend = (
            f"Create it: airflow connections add {name} --conn-type aws --conn-login <access key id> "
            "--conn-password <secret access key>. If the machine's own credentials are meant, set "
            "'aws_conn_id' to null"
        )
        found = f"Airflow finds no connection {name!r}, so AWS is called with the machine's own credentials"
        yield Finding("connection", "warning", found, mend)
        called = replace(called, aws_conn_id=None)
    try:
        client = client_of(config)
    except (QueueError, *AWS_ERRORS) as error:
        yield finding_of(error, "connection", called)
        return
    queue = look(client, called, "queue")
    yield from queue.findings
    if not queue.exists:
        return
    policy = read_redrive_policy(config.queue_url, queue.attributes)
    if queue.attributes:
        yield from check_redrive_policy(config, policy)
        yield from check_visibility_timeout(config, queue.attributes)
        yield from check_waits(config, queue.attributes, policy)
        yield from check_depth(queue.attributes)
    dead_url = dead_letter_queue_of(config.dead_letter_queue_url, policy)
    if not dead_url:
        mend = "Name it as 'dead_letter_queue_url', or in the queue's redrive policy"
        yield Finding("dead-letter queue", "warning", "there is none: what can never work stays", mend)
        return
    dead = look(client, called.another(dead_url), "dead-letter queue")
    yield from dead.findings
    yield from check_kind(config.queue_url, dead_url)
    if dead.attributes:
        yield from check_dead_letters(dead.attributes)
    if queue.attributes and dead.attributes:
        yield from check_retention(queue.attributes, dead.attributes)
