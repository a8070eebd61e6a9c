"""The JSON schema of what each command prints with `--json`."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import DataclassSchema

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


class _WithDocstrings(GenerateJsonSchema):
    """Describes a dataclass by its docstring, which older versions of pydantic leave out."""

    def dataclass_schema(self, schema: DataclassSchema) -> dict[str, Any]:
        """Add the description."""
        return {**super().dataclass_schema(schema), "description": inspect.getdoc(schema["cls"])}


def schema_of(command: str) -> dict[str, Any]:
    """Make the JSON schema of a command's output.

    Args:
        command: One of `OUTPUTS`.
    """
    module, _, name = OUTPUTS[command].partition(".")
    output = getattr(import_module(f"{__package__}.{module}"), name)
    return TypeAdapter(output).json_schema(mode="serialization", schema_generator=_WithDocstrings)
