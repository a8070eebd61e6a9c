"""What docs/direct.md says is true; its DAG runs in tests/system/test_direct.py."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_hybrid.queue_config import QueueConfig, check_queue
from airflow_provider_hybrid.triggers.queue import SqsQueueTrigger

PAGE = (Path(__file__).parents[2] / "docs" / "direct.md").read_text()
WITH_SCHEME, WITHOUT = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, re.MULTILINE))
FIELDS = {name: field for name, field in QueueConfig.model_fields.items() if not field.alias}


def run(source: str, folder: Path) -> dict[str, Any]:
    file = folder / "orders.py"
    file.write_text(source)
    return runpy.run_path(str(file))


def test_the_dag_is_one_that_is_scheduled_on_the_queue(tmp_path: Path) -> None:
    pytest.importorskip("airflow.providers.common.messaging")

    dag = run(WITH_SCHEME, tmp_path)["dag"]

    (messages,) = dag.timetable.asset_condition.objects
    path, arguments = messages.watchers[0].trigger.serialize()
    assert path == f"{SqsQueueTrigger.__module__}.SqsQueueTrigger"
    assert check_queue(arguments).queue_url.endswith("/orders")
    assert dag.get_task("take").inlets == [messages]
    assert dag.get_task("take").downstream_task_ids == {"process"}


def test_without_common_messaging_the_trigger_is_the_same(tmp_path: Path) -> None:
    trigger = run(WITHOUT, tmp_path)["trigger"]

    assert isinstance(trigger, SqsQueueTrigger)
    assert f'queue_url="{trigger.read_config().queue_url}"' in WITH_SCHEME


@pytest.mark.parametrize(("name", "field"), FIELDS.items())
def test_every_argument_stands_there_with_its_default(name: str, field: Any) -> None:
    default = "required" if field.is_required() else f"`{field.default!r}`".replace("'", '"')

    assert ROWS[name] == default


def test_nothing_else_stands_there() -> None:
    assert ROWS.keys() == FIELDS.keys()
