"""How long 1,000 routes take over 1,000 events: the index beside the plain loop over all routes.

Run it with ``python -m tests.benchmark.routing``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.patterns.index import PatternIndex
from airflow_provider_hybrid.patterns.pattern import EventPattern

Pattern = dict[str, Any]
Event = dict[str, Any]


@dataclass(frozen=True)
class Mix:
    """Routes of one kind.

    Args:
        name: What is special about them.
        pattern: Makes the pattern of a route out of its number.
    """

    name: str
    pattern: Callable[[int], Pattern]


def s3(bucket: Any, key: Any = None) -> Pattern:
    """Make a pattern over S3's events as people write them."""
    detail: Pattern = {"bucket": {"name": [bucket]}}
    if key is not None:
        detail["object"] = {"key": [key]}
    return {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}


MIXES = [
    Mix("a bucket each", lambda n: s3(f"bucket-{n}")),
    Mix("one bucket, a prefix each", lambda n: s3("bucket-0", {"prefix": f"partner-{n}/"})),
    Mix("one bucket, a suffix each", lambda n: s3("bucket-0", {"suffix": f"-{n}.csv"})),
    Mix("one bucket, a wildcard each", lambda n: s3("bucket-0", {"wildcard": f"partner-{n}/*.csv"})),
    Mix("an $or of bucket and prefix each", lambda n: {"$or": [s3(f"b-{n}"), s3({"prefix": f"bucket-{n}"})]}),
    Mix(
        "nine in ten a bucket, one anything-but",
        lambda n: s3(f"bucket-{n}" if n % 10 else {"anything-but": f"{n}"}),
    ),
    Mix(
        "a number range each",
        lambda n: {"detail": {"object": {"size": [{"numeric": [">=", n, "<", n + 1]}]}}},
    ),
    Mix("anything-but all: every event for every route", lambda n: s3({"anything-but": f"other-{n}"})),
]


def event(number: int, routes: int, *, one_bucket: bool) -> Event:
    """Make an event that S3 could have sent."""
    partner = number % routes
    return {
        "version": "0",
        "id": f"id-{number}",
        "source": "aws.s3",
        "detail-type": "Object Created",
        "time": "2026-11-22T00:00:00Z",
        "account": "123456789012",
        "region": "eu-central-1",
        "resources": [f"arn:aws:s3:::bucket-{partner}"],
        "detail": {
            "version": "0",
            "bucket": {"name": "bucket-0" if one_bucket else f"bucket-{partner}"},
            "object": {"key": f"partner-{partner}/2026-11-22-{partner}.csv", "size": number, "etag": "e"},
            "reason": "PutObject",
        },
    }


def main() -> None:
    """Measure each mix and print a line about it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--routes", type=int, default=1000)
    parser.add_argument("--events", type=int, default=1000)
    arguments = parser.parse_args()
    report(f"{arguments.routes} routes x {arguments.events} events, in seconds of one core")
    report(f"{'routes':48}{'matches':>9}{'compile':>9}{'index':>9}{'loop':>9}{'times':>8}")
    for mix in MIXES:
        report(measure(mix, arguments.routes, arguments.events))


def measure(mix: Mix, routes: int, events: int) -> str:
    """Send all events through both, see that they agree, and describe how long it took."""
    batch = [event(number, routes, one_bucket="one bucket" in mix.name) for number in range(events)]
    start = time.process_time()
    patterns = [(number, EventPattern(mix.pattern(number))) for number in range(routes)]
    compiled = time.process_time()
    index = PatternIndex(patterns)
    by_index = [index.matching(event) for event in batch]
    indexed = time.process_time()
    by_loop = [[number for number, pattern in patterns if pattern.matches(event)] for event in batch]
    looped = time.process_time()
    if by_index != by_loop:
        raise AssertionError(f"{mix.name}: the index finds other routes than the loop")
    fast, slow = indexed - compiled, looped - indexed
    matches = sum(map(len, by_index))
    return f"{mix.name:48}{matches:9}{compiled - start:9.3f}{fast:9.3f}{slow:9.3f}{slow / fast:7.0f}x"


def report(line: str) -> None:
    """Show a line."""
    print(line, flush=True)  # noqa: T201  (this is a program)


if __name__ == "__main__":
    main()
