"""A place in the record: where a line stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_hybrid.record.line import Key

_NUMBER = re.compile("-?[0-9]{1,9}")


@dataclass(frozen=True, order=True)
class Place:
    """Where a line stands in the record. Later lines are greater.

    Args:
        when: When it was written.
        key: The key under which it is stored.
        dag_run_id: The number of the dispatcher's run in the database.
        task_id: The task.
        map_index: The instance of the task.
        index: Its place among the lines that were written together, counted from the last one.
    """

    when: str
    key: str
    dag_run_id: int
    task_id: str
    map_index: int
    index: int

    @property
    def moment(self) -> float:
        """When the line was written, in seconds since 1970."""
        return Key.parse(self.key).moment

    def __str__(self) -> str:
        """Write it for an address; `parse` reads it back."""
        return "~".join(map(str, (self.key, self.dag_run_id, self.map_index, self.index, self.task_id)))

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read a place.

        Raises:
            ValueError: If it is none.
        """
        key, *numbers, task_id = text.split("~", 4)
        if not all(map(_NUMBER.fullmatch, numbers)):
            raise ValueError(f"{text!r} is no place in the record")
        dag_run_id, map_index, index = map(int, numbers)
        return cls(Key.parse(key).when, key, dag_run_id, task_id, map_index, index)
