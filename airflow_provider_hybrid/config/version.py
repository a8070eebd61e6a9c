"""The version of the configuration's form, and the way from an older form to this one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from airflow_provider_hybrid.documentation import SITE
from airflow_provider_hybrid.events.json_text import BYTE_ORDER_MARK
from airflow_provider_hybrid.routing.fault import Fault

VERSION = 1
"""The form that this package reads and writes. A form without a version is the first one."""

SCHEMA_URL = f"{SITE}schema/hybrid_dispatcher-{VERSION}.json"
"""Where the JSON schema of this form is published."""

Migration = Callable[[dict[str, Any]], dict[str, Any]]
"""Writes a document of one version in the form of the next one; the document that it gets stays as it is."""

MIGRATIONS: tuple[Migration, ...] = ()
"""The first one leads from version 1 to version 2, and so on."""


def version_fault(document: Any) -> Fault | None:
    """Say what is wrong with the version of a document; None if this package can read it.

    Args:
        document: The document, as `json.loads` returns it.
    """
    version = _version_of(document)
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        return Fault(
            "version",
            f"this airflow-provider-hybrid reads versions up to {VERSION}",
            "install a newer one in every component of Airflow, or set the configuration that was there "
            "before",
            str(version),
        )
    return None


def migrated(text: str) -> str:
    """Write a configuration in the form of `VERSION`, with ``$schema`` and ``version`` in front.

    The order of the keys and the comments stay. Where only those two are new, the text stays, too.

    Args:
        text: A valid configuration, in any version that this package can read.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    document = json.loads(text)
    older = _version_of(document)
    head = {"$schema": SCHEMA_URL, "version": VERSION}
    if older == VERSION:
        return _with_members(text, {key: value for key, value in head.items() if key not in document})
    for migrate in MIGRATIONS[older - 1 :]:
        document = migrate(document)
    rest = {key: value for key, value in document.items() if key not in head}
    return json.dumps(head | rest, indent=2, ensure_ascii=False) + "\n"


def _version_of(document: Any) -> Any:
    return document.get("version", 1) if isinstance(document, dict) else 1


def _with_members(text: str, members: dict[str, Any]) -> str:
    """Put members in front of those of a JSON object, and leave the rest of the text alone."""
    place = text.index("{") + 1
    rest = text[place:].lstrip()
    between = text[place : len(text) - len(rest)]
    space = between if "\n" in between else " "
    written = "".join(f"{json.dumps(key)}: {json.dumps(value)},{space}" for key, value in members.items())
    return text[:place] + between + written + rest
