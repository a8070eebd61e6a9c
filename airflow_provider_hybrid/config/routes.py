"""The routes of a list: the valid ones, and the faults of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from airflow_provider_hybrid.config.document import Path
from airflow_provider_hybrid.config.faults import describe, repetition
from airflow_provider_hybrid.config.route import BatchConfig, RouteConfig
from airflow_provider_hybrid.exceptions import EventPatternError, dotted
from airflow_provider_hybrid.patterns.pattern import EventPattern
from airflow_provider_hybrid.routing.fault import Fault


@dataclass
class RouteList:
    """The routes that were read so far; one broken route does not stop the others.

    Args:
        valid: The valid routes, by their places: ``routes[0]``.
        faults: The faults of the others.
        disabled: The faults of those others that are switched off: nothing waits for them.
        patterns: The patterns of the others that are not, where they can be read.
    """

    valid: dict[str, RouteConfig] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    disabled: list[Fault] = field(default_factory=list)
    patterns: list[EventPattern] = field(default_factory=list)

    def read(self, found: Sequence[Any], place: str, repeated: Iterable[Path] = ()) -> None:
        """Add the routes of a list.

        Args:
            found: The list, as it was written.
            place: Where it is: ``routes``, or an included Variable.
            repeated: The paths in the list of the keys that stand more than once in their object.
        """
        models: dict[tuple[str, ...], type[BaseModel]] = {
            (place,): RouteConfig,
            (place, "batch"): BatchConfig,
        }
        for index, route in enumerate(found):
            path = (place, index)
            faults = [repetition((place, *inner)) for inner in repeated if inner[0] == index]
            try:
                valid = RouteConfig.model_validate(route)
            except ValidationError as error:
                errors = error.errors(include_url=False)
                faults += [describe({**fault, "loc": (*path, *fault["loc"])}, models) for fault in errors]
            else:
                faults += self._taken(valid.name, path)
            if faults and isinstance(route, dict) and route.get("enabled") is False:
                self.disabled += faults
            elif faults:
                self.faults += faults
                self._keep_pattern(route)
            else:
                self.valid[dotted(path)] = valid

    def refuse_waits(self) -> None:
        """Refuse the routes whose events may wait: in a FIFO queue they would hold back all behind them."""
        for place, route in list(self.valid.items()):
            if route.enabled and route.may_wait:
                del self.valid[place]
                self.patterns.append(EventPattern(route.event_pattern))
                problem = (
                    "'delay_seconds', 'window_seconds' and 'max_runs_per_minute' cannot be used with a FIFO "
                    "queue: a message that waits holds back all behind it in its message group"
                )
                self.faults.append(Fault(place, problem, "use a standard queue"))

    def _taken(self, name: str, path: Path) -> list[Fault]:
        return [
            Fault(
                dotted((*path, "name")),
                f"{name!r} is also the name of {place}, and run ids begin with it",
                "give each route a name of its own",
            )
            for place, route in self.valid.items()
            if route.name == name
        ]

    def _keep_pattern(self, route: Any) -> None:
        try:
            self.patterns.append(EventPattern(route["event_pattern"]))
        except (TypeError, LookupError, AttributeError, EventPatternError):
            return
