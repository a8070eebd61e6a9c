"""JSON schemas of the documents that people write, for their editors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(model: type[BaseModel], address: str) -> dict[str, Any]:
    """Return the JSON schema of a document.

    Args:
        model: The document's model.
        address: Where the schema is published.
    """
    return {"$schema": DRAFT, "$id": address, **model.model_json_schema()}
