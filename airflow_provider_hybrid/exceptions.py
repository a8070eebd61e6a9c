"""The error tree.

::

    HybridError
    ├── ConfigError          the dispatcher's Variable is missing or wrong
    ├── EventPatternError    an event pattern that EventBridge would refuse
    ├── MessageParseError    a message that cannot be understood
    ├── RouteError           a route that cannot make a launch out of an event
    ├── QueueError           SQS refuses, and goes on refusing until somebody mends it
    └── LaunchError          DAG runs that could not be started, messages that could not be settled
"""

from __future__ import annotations


class HybridError(Exception):
    """Base of every error that this package raises.

    Args:
        found: What is wrong.
        mend: What to do; empty if ``found`` says it, or if nobody can do anything.
    """

    def __init__(self, found: str = "", mend: str = "") -> None:
        super().__init__(*filter(None, (found, mend)))
        self.found = found
        self.mend = mend

    def __str__(self) -> str:
        """Say what is wrong, then what to do."""
        return ". ".join(filter(None, (self.found, self.mend)))


class ConfigError(HybridError):
    """The dispatcher's configuration is missing or wrong.

    Its text names each faulty path, the value found there and the fix.
    """


class UnreadableError(ConfigError):
    """Airflow does not give a Variable now: whether it is right is not known."""


class EventPatternError(HybridError, ValueError):
    """An event pattern that EventBridge would refuse.

    Args:
        path: Where in the pattern, as keys and list indexes, for example ``("detail", "size", 0)``.
        rule: The rule that is broken, in words.
        mend: What to do; empty if the rule says it.
    """

    def __init__(self, path: tuple[str | int, ...], rule: str, mend: str = "") -> None:
        super().__init__(rule, mend)
        self.args = (path, rule, mend)
        self.path = path
        self.rule = rule

    def __str__(self) -> str:
        """Name the path, then the rule, then what to do."""
        rule = "; ".join(filter(None, (self.rule, self.mend)))
        return f"{dotted(self.path)}: {rule}" if self.path else rule


class MessageParseError(HybridError, ValueError):
    """A message that cannot be understood, with the reason."""


class RouteError(HybridError):
    """A route that cannot make a launch out of an event; names route, field and event id."""


class QueueError(HybridError):
    """SQS refuses a call and will go on refusing until somebody mends the cause, which the text names."""


class LaunchError(HybridError):
    """DAG runs that could not be started or messages that could not be settled; names each of them."""


def dotted(path: tuple[str | int, ...]) -> str:
    """Write a path the way people do: ``("routes", 2, "name")`` becomes ``routes[2].name``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
