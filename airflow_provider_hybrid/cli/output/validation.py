"""The output of `hybrid validate --json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from airflow_provider_hybrid.cli.output.fault import Fault


@dataclass(frozen=True)
class Validation:
    """What is wrong in a configuration, and what looks wrong."""

    configuration: Annotated[str, Field(description="The file, or the Variable's key.")]
    faults: Annotated[list[Fault], Field(description="What is wrong. With none the exit code is 0, else 1.")]
    warnings: Annotated[list[str], Field(description="What looks wrong, a sentence each.")]
