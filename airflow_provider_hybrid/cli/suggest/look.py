"""What a look at a queue finds, sorted. PURE: it calls nobody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_hybrid.cli.suggest.kinds import Kind, sort_by_kind
from airflow_provider_hybrid.cli.suggest.proposal import propose
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.exceptions import MessageParseError
from airflow_provider_hybrid.patterns.pattern import EventPattern


@dataclass(frozen=True)
class KindFound:
    """A kind of events in the queue.

    Args:
        kind: What they have in common.
        count: How many there are.
        example: The id or subject of one of them.
        wanted_by: The routes that want them already.
        proposal: A route for those that no route wants; None if all are wanted, or should start no run.
        shared_with: The routes that want some of the events that the proposal would want, too.
    """

    kind: Kind
    count: int
    example: str
    wanted_by: tuple[str, ...]
    proposal: dict[str, Any] | None
    shared_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a look has found.

    Args:
        messages: How many messages were looked at.
        kinds: The kinds of their events, the most frequent first.
        without_event: How many hold no event, such as the one that S3 sends when notifications are set up.
        faults: Why messages cannot be understood, and how many.
    """

    messages: int
    kinds: Sequence[KindFound]
    without_event: int
    faults: dict[str, int]


def sort_messages(messages: Sequence[Message], config: DispatcherConfig | None) -> Found:
    """Sort the events of messages by kind, and propose a route for each kind that no route wants.

    Args:
        messages: The messages.
        config: The dispatcher's configuration; None if there is none yet.
    """
    faults: Counter[str] = Counter()
    without_event = 0
    by_wants: dict[tuple[str, ...], list[Event]] = defaultdict(list)
    for message in messages:
        try:
            events = parse_message(replace(message, s3_keys=config.s3_keys if config else "auto"))
        except MessageParseError as error:
            faults[str(error)] += 1
            continue
        without_event += not events
        for event in events:
            by_wants[_wanted_by(event, config)].append(event)
    taken = {route.name for route in config.routes} if config else set()
    wanted = {names: events for names, events in by_wants.items() if names}
    kinds = [
        KindFound(kind, len(alike), _example(alike[0]), names, None)
        for names, events in wanted.items()
        for kind, alike in sort_by_kind(events).items()
    ]
    for kind, alike in sort_by_kind(by_wants.get((), ())).items():
        proposal = propose(kind, alike, taken)
        shared = _shared_with(proposal, wanted) if proposal else ()
        taken |= {proposal["name"]} if proposal else set()
        kinds.append(KindFound(kind, len(alike), _example(alike[0]), (), proposal, shared))
    kinds.sort(key=lambda found: found.count, reverse=True)
    return Found(len(messages), kinds, without_event, dict(faults))


def _example(event: Event) -> str:
    headline = Headline.of(event)
    return headline.subject or headline.id


def _shared_with(
    proposal: Mapping[str, Any], wanted: Mapping[tuple[str, ...], Sequence[Event]]
) -> tuple[str, ...]:
    pattern = EventPattern(proposal["event_pattern"])
    shared = (
        names for names, events in wanted.items() if any(pattern.matches(event.as_dict()) for event in events)
    )
    return tuple(sorted({name for names in shared for name in names}))


def _wanted_by(event: Event, config: DispatcherConfig | None) -> tuple[str, ...]:
    if config is None:
        return ()
    return tuple(route.name for route in config.compiled_routes.matching(event.as_dict()))
