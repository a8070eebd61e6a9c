"""Printing an output as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def print_json(output: DataclassInstance) -> None:
    """Print an output in one line of ASCII, so that no terminal obeys what a stranger wrote."""
    typer.echo(json.dumps(asdict(output)))
