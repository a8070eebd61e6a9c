"""The pages over a record of a million lines: ``python -m tests.benchmark.view [LINES]``.

PostgreSQL, a real API server, and requests as a browser sends them.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack
from statistics import quantiles
from typing import TYPE_CHECKING

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from tests.harness.airflow import Airflow
from tests.harness.closing import closing_on_signals
from tests.harness.environment import PROJECT
from tests.harness.home import fresh_home
from tests.harness.ports import HOST
from tests.harness.postgres import Postgres
from tests.system.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = PROJECT / ".test" / "view"
LINES = 1_000_000
DAYS = 10
"""The days over which the lines are spread."""

TIMES = 20
"""How often each page is asked for."""

LONE = 15
"""Runs that no line names."""

DAG_FILE = """
from airflow_provider_hybrid import build_dispatcher

dag = build_dispatcher("bench")
"""

PAGES = {
    "Now": "",
    "Events": "events",
    "outcome rejected": "events?outcome=rejected",
    "outcome waiting, 90 days": "events?outcome=waiting&span=90d",
    "dispatcher": "events?dispatcher=bench",
    "route": "events?route=route_7",
    "rare route, 1 day": "events?route=rare",
    "text, last day: found": "events?contains=file-999999.csv",
    "text, last day: not found": "events?contains=nowhere",
    "text, last day: runs without a line": "events?contains=lost",
    "Routes": "routes",
    "Waiting for partners": "waiting",
}

ROUTES = [
    {"name": f"route_{number}", "event_pattern": {"source": ["aws.s3"]}, "trigger_dag_id": "partner"}
    for number in range(20)
]

_RUN = """
    INSERT INTO dag_run (dag_id, run_id, run_type, state, queued_at, run_after)
    VALUES ('bench', 'scheduled__bench', 'scheduled', 'success', now(), now())
"""
_TASK = """
    INSERT INTO task_instance (id, dag_id, run_id, task_id, map_index, pool, pool_slots, try_number, state)
    VALUES (gen_random_uuid(), 'bench', 'scheduled__bench', 'listen', -1, 'default_pool', 1, 1, 'success')
"""
_LINES = """
    INSERT INTO xcom (dag_run_id, task_id, map_index, key, dag_id, run_id, value, timestamp)
    SELECT
        (SELECT id FROM dag_run WHERE run_id = 'scheduled__bench'), 'listen', -1,
        format('hybrid_record_%%s_%%s_1', outcome, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US')),
        'bench', 'scheduled__bench',
        jsonb_build_array(jsonb_build_object(
            'message_id', gen_random_uuid(), 'outcome', outcome, 'settled_at', extract(epoch FROM at),
            'sent_at', extract(epoch FROM at) - 1, 'received_at', extract(epoch FROM at) - 0.5,
            'events', jsonb_build_array(jsonb_build_object(
                'id', md5(number::text), 'source', 'aws.s3', 'detail_type', 'Object Created',
                'subject', format('s3://partner-%%s/orders/2026-11-21/file-%%s.csv', number %% 20, number),
                'time', '2026-11-21T10:03:22Z')),
            'runs', jsonb_build_array(jsonb_build_object(
                'route', CASE WHEN number %% 50000 = 0 THEN 'rare' ELSE 'route_' || number %% 20 END,
                'dag_id', 'partner', 'run_id', format('route_%%s__file-%%s.csv__%%s', number %% 20, number,
                left(md5(number::text), 20)), 'event_id', md5(number::text), 'outcome', outcome)))),
        at
    FROM (
        SELECT number, now() AT TIME ZONE 'UTC' - (%(lines)s - number) * interval '1 s' * %(every)s AS at,
            CASE WHEN number %% 100 < 90 THEN 'started' WHEN number %% 100 < 95 THEN 'existed'
                WHEN number %% 100 < 98 THEN 'unmatched' WHEN number %% 100 = 98 THEN 'rejected'
                ELSE 'waiting' END AS outcome
        FROM generate_series(1, %(lines)s) number
    ) made
"""

_RUNS = """
    INSERT INTO dag_run (dag_id, run_id, run_type, state, queued_at, run_after)
    SELECT 'partner', run ->> 'run_id', 'manual', 'success', timestamp, timestamp
    FROM xcom, jsonb_path_query(value, '$[*].runs[*]') run
    WHERE key LIKE 'hybrid_record_started%%' AND timestamp > now() - interval '1 day'
    UNION ALL
    SELECT 'partner', format('route_%%s__lost-%%s.csv__%%s', number, number, left(md5(number::text), 20)),
        'manual', 'success', now(), now() - interval '1 h' * number
    FROM generate_series(1, %(lone)s) number
"""
"""The runs of the last day, and some that no line names."""


def main(lines: int) -> None:
    """Make the record, ask for each page, and print how long it took."""
    console = Console(highlight=False)
    with fresh_home(HOME), closing_on_signals() as stack:
        airflow, database = _start(stack)
        console.print(f"Writing {lines} lines")
        for statement in (_RUN, _TASK, _LINES):
            database.change(statement, lines=lines, every=DAYS * 86_400 / lines)
        database.change(_RUNS, lone=LONE)
        database.change("ANALYZE xcom")
        database.change("ANALYZE dag_run")
        server = psutil.Process(airflow.components["api-server"].pid)
        table = Table("page", "median", "p95", title=f"{lines} lines of record, seconds")
        before = _memory(server)
        with httpx.Client(base_url=f"{airflow.base_url}/hybrid/", trust_env=False, timeout=60) as browser:
            browser.cookies.set("_token", airflow.api().token)
            browser.get("").raise_for_status()
            for name, address in PAGES.items():
                seconds = sorted(_ask(browser, address))
                twentieths = quantiles(seconds, n=20, method="inclusive")
                table.add_row(name, f"{twentieths[9]:.3f}", f"{twentieths[18]:.3f}")
        console.print(table)
        ((size,),) = database.rows("SELECT pg_total_relation_size('xcom')")
        console.print(f"Memory of the API server: {before:.0f} MiB before, {_memory(server):.0f} MiB after")
        console.print(f"The table xcom with its indexes: {size / 2**20:.0f} MiB")


def _start(stack: ExitStack) -> tuple[Airflow, Database]:
    postgres = Postgres(HOME)
    stack.callback(postgres.close)
    postgres.start()
    dags = HOME / "dags"
    dags.mkdir()
    (dags / "bench.py").write_text(DAG_FILE)
    # No SQS answers there: what the page *Now* waits for is not what is measured.
    aws = {"conn_type": "aws", "extra": {"endpoint_url": f"http://{HOST}:9", "region_name": "eu-west-1"}}
    environ = {"AIRFLOW_CONN_AWS_DEFAULT": json.dumps(aws)}
    airflow = Airflow(HOME / "airflow", dags, postgres.url, environ=environ)
    stack.callback(airflow.stop)
    airflow.start()
    api = airflow.api()
    api.wait_for_dags("bench")
    api.set_variable("hybrid_dispatcher", {"queue_url": f"http://{HOST}:9/1/bench", "routes": ROUTES})
    return airflow, Database(postgres)


def _ask(browser: httpx.Client, address: str) -> Iterator[float]:
    for _ in range(TIMES):
        begin = time.monotonic()
        browser.get(address).raise_for_status()
        yield time.monotonic() - begin


def _memory(process: psutil.Process) -> float:
    """Return the MiB that a process and its children have."""
    family = [process, *process.children(recursive=True)]
    return sum(one.memory_info().rss for one in family) / 2**20


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else LINES)
