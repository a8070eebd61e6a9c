"""Reading a command of the AWS CLI as a call of boto3, as far as the documentation's commands need it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.validate import ParamValidator

GLOBAL = {"query", "output", "region", "endpoint-url", "profile"}
"""Options of every command, each with a value."""


@dataclass(frozen=True)
class Call:
    """A call of an AWS service.

    Args:
        service: The service, as boto3 calls it.
        method: The client's method.
        parameters: Its arguments.
    """

    service: str
    method: str
    parameters: dict[str, Any]


def read_call(words: list[str], read_file: Callable[[str], str]) -> Call:
    """Read the words behind `aws`.

    Args:
        words: Service, operation, options.
        read_file: Gives the text of a file that an option names (``file://...``).

    Raises:
        KeyError: If the service has no such operation, or the operation no such option.
        ValueError: If a value is none that the operation takes, or a required option is missing.
    """
    service, operation = ("s3" if words[0] == "s3api" else words[0]), words[1]
    shape = _model(service, operation).input_shape
    members = {xform_name(name, "-"): (name, member) for name, member in shape.members.items()}
    given = {}
    for option, values in options(words[2:]).items():
        if option not in GLOBAL:
            name, member = members[option]
            given[name] = _value(member, values, read_file)
    report = ParamValidator().validate(given, shape)
    if report.has_errors():
        raise ValueError(report.generate_report())
    return Call(service, xform_name(_model(service, operation).name), given)


def options(words: list[str]) -> dict[str, list[str]]:
    """Sort what follows an operation by the options; there is nothing before the first one."""
    found: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            found[word[2:]] = []
        else:
            found[next(reversed(found))].append(word)
    return found


@cache
def _model(service: str, operation: str) -> Any:
    model = botocore.session.get_session().get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    return model.operation_model(names[operation])


def _value(shape: Any, values: list[str], read_file: Callable[[str], str]) -> Any:
    kind = shape.type_name
    if kind == "boolean":
        return True
    text = values[0]
    if text.startswith("file://"):
        text = read_file(text.removeprefix("file://"))
    if kind in ("structure", "map") or text.startswith("["):
        return json.loads(text)
    if kind == "list":
        return values
    (only,) = values
    return int(only) if kind in ("integer", "long") else only
