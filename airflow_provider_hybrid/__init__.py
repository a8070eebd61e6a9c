"""Events on SQS become DAG runs in Apache Airflow.

The public names are loaded when somebody first asks for them, so importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_hybrid.dispatcher import build_dispatcher
    from airflow_provider_hybrid.exceptions import HybridError
    from airflow_provider_hybrid.expectations import build_expectations
    from airflow_provider_hybrid.operators.launch import LaunchDagRunsOperator
    from airflow_provider_hybrid.sensors.sqs import SqsEventSensor
    from airflow_provider_hybrid.triggers.sqs import SqsEventTrigger

__version__ = "0.1.0"

__all__ = [
    "HybridError",
    "LaunchDagRunsOperator",
    "SqsEventSensor",
    "SqsEventTrigger",
    "__version__",
    "build_dispatcher",
    "build_expectations",
]

_PLACES = {
    "HybridError": "exceptions",
    "LaunchDagRunsOperator": "operators.launch",
    "SqsEventSensor": "sensors.sqs",
    "SqsEventTrigger": "triggers.sqs",
    "build_dispatcher": "dispatcher",
    "build_expectations": "expectations",
}
"""The module of each public name (https://peps.python.org/pep-0562/)."""


def __getattr__(name: str) -> Any:
    """Load a public name."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    """Name what is public, for those who look around."""
    return __all__
