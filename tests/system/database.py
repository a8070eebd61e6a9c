"""Airflow's metadata database, asked directly: exact, cheap, and there when the API server is not."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg2

if TYPE_CHECKING:
    from tests.harness.postgres import Postgres


class Database:
    """Airflow's tables, with a connection of its own for each question."""

    def __init__(self, postgres: Postgres) -> None:
        self._dsn = postgres.url.replace("postgresql+psycopg2", "postgresql")

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows that a query finds; ``%(name)s`` in it stands for a value."""
        with closing(psycopg2.connect(self._dsn)) as connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def change(self, statement: str, **values: Any) -> None:
        """Change rows, for what the API has no way to do, or none that takes less than minutes."""
        with closing(psycopg2.connect(self._dsn)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
