"""What the provider common.messaging finds."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import airflow
import jsonschema
import pytest
from airflow.exceptions import AirflowOptionalProviderFeatureException

from airflow_provider_hybrid.get_provider_info import get_provider_info
from airflow_provider_hybrid.triggers.queue import SqsQueueTrigger

QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
BASE = "airflow.providers.common.messaging.providers.base_provider"


@pytest.fixture
def msg_queue() -> Any:
    return pytest.importorskip("airflow.providers.common.messaging.triggers.msg_queue")


def test_its_scheme_makes_the_trigger_of_its_arguments(msg_queue: Any) -> None:
    arguments = {"queue_url": QUEUE_URL, "max_messages": 10}

    trigger = msg_queue.MessageQueueTrigger(scheme="hybrid+sqs", **arguments)

    assert trigger.serialize() == SqsQueueTrigger(**arguments).serialize()


@pytest.mark.parametrize("named", [{"scheme": "sqs", "sqs_queue": QUEUE_URL}, {"queue": QUEUE_URL}])
@pytest.mark.filterwarnings("ignore::airflow.exceptions.AirflowProviderDeprecationWarning")
def test_what_is_the_amazon_providers_stays_so(msg_queue: Any, named: dict[str, str]) -> None:
    path, _ = msg_queue.MessageQueueTrigger(**named).serialize()

    assert path == "airflow.providers.amazon.aws.triggers.sqs.SqsSensorTrigger"


def test_without_common_messaging_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, BASE, None)
    monkeypatch.delitem(sys.modules, "airflow_provider_hybrid.messaging", raising=False)

    with pytest.raises(AirflowOptionalProviderFeatureException, match=r"hybrid\[messaging\]"):
        importlib.import_module("airflow_provider_hybrid.messaging")


def test_what_airflow_is_told_has_the_form_that_it_asks_for() -> None:
    """One that has not is refused, and with it every provider."""
    schema = json.loads((Path(airflow.__path__[0]) / "provider_info.schema.json").read_text())

    jsonschema.validate(get_provider_info(), schema)
