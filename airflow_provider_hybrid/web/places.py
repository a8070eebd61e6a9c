"""A place in the record, as an address has it."""

from __future__ import annotations

from fastapi import HTTPException

from airflow_provider_hybrid.record.place import Place


def place_in(text: str) -> Place:
    """Read a place that a browser sent.

    Raises:
        HTTPException: 400, if it is none.
    """
    try:
        return Place.parse(text)
    except ValueError:
        raise HTTPException(400, "This is no place in the record. Go back to the page Events") from None
