"""The JSON schema of what each command prints with `--json`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

OUTPUTS = {
    "validate": "validation.Validation",
    "explain": "explanation.Explanations",
    "status": "status.Dispatchers",
    "events": "record.Record",
    "doctor": "examination.Examination",
    "dead-letters list": "dead_letters.DeadLetters",
    "dead-letters show": "dead_letters.WholeDeadLetter",
    "dead-letters redrive": "dead_letters.Act",
    "dead-letters discard": "dead_letters.Act",
}
"""The output of each command, by its words: a class in a module beside this one.

A name, because the module of one of them imports Airflow, which takes seconds.
"""


def schema_of(command: str) -> dict[str, Any]:
    """Make the JSON schema of a command's output.

    Args:
        command: One of `OUTPUTS`.
    """
    # Imported here: `hybrid --help` need not wait for it.
    from pydantic import TypeAdapter

    module, _, name = OUTPUTS[command].partition(".")
    output = getattr(import_module(f"{__package__}.{module}"), name)
    return TypeAdapter(output).json_schema(mode="serialization")
