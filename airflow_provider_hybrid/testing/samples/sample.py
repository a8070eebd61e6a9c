"""A sample: what lies in a message's body, and in its attributes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from airflow_provider_hybrid.exceptions import HybridError

Json = dict[str, Any]

TIME = "2026-11-22T02:00:00.000Z"
"""When samples happen, unless somebody says otherwise: always the same moment, so that a test repeats."""

ACCOUNT, REGION = "123456789012", "eu-west-1"
"""Where samples come from; AWS's documents use this account."""


class SampleError(HybridError, ValueError):
    """There is no such sample; names what was asked for and what there is."""


@dataclass(frozen=True)
class Sample:
    """What a producer or a way puts into a message.

    Args:
        name: The sample's name, such as ``s3:ObjectCreated:Put``.
        body: A JSON value; a text if the body is no JSON.
        attributes: Message attributes in SQS's form.
        is_in_body: Whether the body alone is the event. If not, the attributes hold a part of it.
    """

    name: str
    body: Any
    attributes: Mapping[str, Json] = field(default_factory=dict)
    is_in_body: bool = True

    @property
    def text(self) -> str:
        """The message's body."""
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


def made_up_id(*facts: Any) -> str:
    """Return a UUID that is the same for the same facts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(facts, sort_keys=True)))


def text_attribute(value: str) -> Json:
    """Write a text as a message attribute."""
    return {"DataType": "String", "StringValue": value}


def to_the_second(time: str) -> str:
    """Write a time as EventBridge does: ``2026-11-22T02:00:00Z``."""
    return f"{moment_of(time):%Y-%m-%dT%H:%M:%SZ}"


def moment_of(time: str) -> datetime:
    """Return the moment that a text names.

    Args:
        time: ISO 8601; UTC, if it names no offset.

    Raises:
        SampleError: If it names none.
    """
    try:
        # Python 3.10 does not read the Z.
        moment = datetime.fromisoformat(time[:-1] + "+00:00" if time.endswith("Z") else time)
    except ValueError:
        raise SampleError(f"time: {time!r} is no time; write {TIME!r}, say") from None
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
