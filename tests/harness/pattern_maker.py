"""Patterns and events that often have to do with one another, made of few keys and few values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

Item = TypeVar("Item")

ENVELOPE = {
    "version": "0",
    "id": "1",
    "source": "a",
    "account": "123456789012",
    "region": "us-east-1",
    "time": "2026-11-22T00:00:00Z",
    "resources": ["a", "b"],
    "detail-type": "A",
}
"""What MiniStack would fill in if it were absent, so that absence is only tried elsewhere."""

KEYS = ["a", "b", "c"]
PATTERN_KEYS = [*KEYS, *KEYS, *KEYS, "a.b", "a.b.c", "a.", "prefix"]
TEXTS = [
    *("", "a", "b", "ab", "A", "aB", "aab", "abab", "1", "true", "null", "*", "\\", "a*b", "a\\b", "a\nb"),
    *(
        "\u00df",
        "ss",
        "SS",
        "\u1e9e",
        "i",
        "\u0130",
        "\u0131",
        "\u01c5",
        "\u017f",
        "\U00010400",
        "\ufb03",
        "FFI",
    ),
    *("10.0.0.1", "10.0.1.1", "010.0.0.1", "10.0.0.256", "::1", "0:0:0:0:0:0:0:1", "fe80::1", "::10.0.0.1"),
]
NUMBERS = [0, -0.0, 1, 1.0, -1, 2, 2.5, 5, 5.0, 2**53, 2**53 + 1, 2.0**53, 1e30, 10**30, -5e9, 10**400]
CIDRS = ["10.0.0.0/8", "10.0.1.7/24", "10.0.0.0/31", "0.0.0.0/0", "10.0.0.0/+8", "10.0.0.0/-0", "010.0.0.0/8"]
CIDRS += ["::/0", "::1/127", "fe80::/10"]
WRONG_CIDRS = [
    "10.0.0.1/32",
    "10.0.0.0",
    "10.0.0/8",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0.0.0/",
    "10.0.0.0/x",
]
WRONG_CIDRS += [
    "::1/128",
    "fe80::%1/10",
    "::10.0.0.1/96",
    "1::2::3/8",
    "10.0.0.0/ 8",
    "g::/8",
    "10.0.0.256/8",
]
NONSENSE = [None, True, 0, "", "a", [], {}, ["a"], {"a": "b"}, ["a", 1], [[]], {"prefix": "a"}, "**", "\\a"]


class PatternMaker:
    """Makes patterns and events.

    Args:
        random: Where the choices come from.
        wrong: How many in a hundred operands are of a kind that EventBridge may refuse.
    """

    def __init__(self, random: Random, wrong: int = 2) -> None:
        self._random = random
        self._wrong = wrong

    def event(self) -> dict[str, Any]:
        return {**self._fields(3), **ENVELOPE, "detail": self._fields(3)}

    def pattern(self) -> dict[str, Any]:
        """Make any pattern, which few events match."""
        pattern = self._object(2) if self._in_hundred(50) else {}
        return {**pattern, "detail": self._object(3)}

    def pattern_for(self, value: Any) -> Any:
        """Make a pattern for a value, which is likely to match: it asks for what is there."""
        while isinstance(value, list) and value:
            value = self._one(value)
        if isinstance(value, dict) and value:
            chosen = self._random.sample(sorted(value), self._up_to(min(3, len(value))))
            pattern = {key: self.pattern_for(value[key]) for key in chosen}
            if self._in_hundred(20):
                pattern["$or"] = [self.pattern_for(value), self._object(1)]
            return pattern
        others = [self._element()] if self._in_hundred(20) else []
        return [self._element_for(value), *others]

    def _fields(self, depth: int) -> dict[str, Any]:
        keys = [*KEYS, "$or"] if self._in_hundred(10) else KEYS
        return {self._one(keys): self._value(depth) for _ in range(self._up_to(4))}

    def _value(self, depth: int) -> Any:
        if depth and self._in_hundred(25):
            return self._fields(depth - 1)
        if depth and self._in_hundred(25):
            return [self._value(depth - 1) for _ in range(self._up_to(4) - 1)]
        return self._scalar()

    def _scalar(self) -> Any:
        return self._one(
            [self._one(TEXTS), self._one(TEXTS), self._one(NUMBERS), self._one([True, False, None])]
        )

    def _object(self, depth: int) -> dict[str, Any]:
        """Make an object, of which also the order of keys is drawn: it matters around ``$or``."""
        pattern: dict[str, Any] = {}
        for _ in range(self._up_to(3)):
            key = "$or" if self._in_hundred(20) else self._one(PATTERN_KEYS)
            if key == "$or" and depth:
                fewest = 1 if self._in_hundred(self._wrong) else 2
                below: Any = [self._object(depth - 1) for _ in range(fewest + self._up_to(2) - 1)]
            elif depth and self._in_hundred(30):
                below = self._object(depth - 1)
            else:
                below = [self._element() for _ in range(self._up_to(2))]
            pattern[key] = self._or_nonsense(below)
        return pattern

    def _element(self) -> Any:
        if self._in_hundred(40):
            return self._scalar()
        expression = self._operator(self._one(sorted(self._operands)))
        if self._in_hundred(self._wrong):
            expression["suffix"] = "a"
        return self._or_nonsense(expression)

    def _element_for(self, value: Any) -> Any:
        if isinstance(value, list | dict):
            return {"exists": self._in_hundred(20)}
        kinds = [value, {"exists": True}, {"anything-but": self._one(TEXTS)}]
        if isinstance(value, str):
            cut = self._random.randint(0, len(value))
            start, end = value[:cut], value[cut:]
            kinds += [{"prefix": start}, {"suffix": end}, {"equals-ignore-case": value.swapcase()}]
            kinds += [{"prefix": {"equals-ignore-case": start.upper()}}, {"wildcard": _escaped(start) + "*"}]
            kinds += [{"suffix": {"equals-ignore-case": end.lower()}}, {"wildcard": "*" + _escaped(end)}]
        elif not isinstance(value, bool) and value is not None:
            kinds.append({"numeric": [self._one(["<=", "=", ">="]), value]})
        return self._one(kinds)

    def _operator(self, name: str) -> dict[str, Any]:
        return {name: self._or_nonsense(self._operands[name](self))}

    def _affix(self) -> Any:
        return self._operator("equals-ignore-case") if self._in_hundred(40) else self._one(TEXTS)

    def _anything_but(self) -> Any:
        if self._in_hundred(50):
            operator = self._one(["prefix", "suffix", "equals-ignore-case", "wildcard"])
            if operator == "wildcard":
                return {operator: self._one_or_list(self._wildcard)}
            texts = TEXTS if operator == "equals-ignore-case" or self._in_hundred(self._wrong) else TEXTS[1:]
            return {operator: self._one_or_list(lambda: self._one(texts))}
        if self._in_hundred(self._wrong):
            return self._one_or_list(self._scalar)
        values: list[Any] = self._one([TEXTS, [0, 1, 1.0, 2.5, 5, 2**53, 1e30, -5e9]])
        return self._one_or_list(lambda: self._one(values))

    def _wildcard(self) -> str:
        parts = ["a", "b", "A", "ab", "\\*", "\\\\", "\n", "1", "."]
        return "*".join(
            "".join(self._some(parts, 2)) or "a" * self._random.randint(0, 1) for _ in "123"[: self._up_to(3)]
        )

    def _cidr(self) -> str:
        return self._one(WRONG_CIDRS if self._in_hundred(self._wrong) else CIDRS)

    def _numeric(self) -> list[Any]:
        if self._in_hundred(self._wrong):
            return self._some([*NUMBERS, "<", "<=", "=", ">=", ">", "!="], 5)
        if self._in_hundred(50):
            return [self._one(["<", "<=", "=", ">=", ">"]), self._one([-5e9, 0, 1, 1.0, 2.5, 5, 2**53, 1e30])]
        lower = self._one([1, 1.0] if self._in_hundred(self._wrong) else [-5e9, -1, 0, 0.5])
        return [self._one([">", ">="]), lower, self._one(["<", "<="]), self._one([1, 2.5, 5, 2.0**53])]

    _operands: dict[str, Callable[[PatternMaker], Any]] = {  # noqa: RUF012  (nobody changes it)
        "anything-but": _anything_but,
        "cidr": _cidr,
        "equals-ignore-case": lambda self: self._one(TEXTS),
        "exactly": lambda self: self._one(TEXTS),
        "exists": lambda self: self._in_hundred(50),
        "numeric": _numeric,
        "prefix": _affix,
        "suffix": _affix,
        "wildcard": _wildcard,
    }

    def _or_nonsense(self, value: Any) -> Any:
        return self._one(NONSENSE) if self._in_hundred(self._wrong) else value

    def _one_or_list(self, make: Callable[[], Any]) -> Any:
        if self._in_hundred(50):
            return make()
        return [make() for _ in range(self._up_to(3) - self._in_hundred(self._wrong))]

    def _some(self, items: Sequence[Item], most: int) -> list[Item]:
        return [self._one(items) for _ in range(self._random.randint(0, most))]

    def _one(self, items: Sequence[Item]) -> Item:
        return items[self._random.randrange(len(items))]

    def _up_to(self, most: int) -> int:
        return self._random.randint(1, most)

    def _in_hundred(self, times: int) -> bool:
        return self._random.randrange(100) >= 100 - times


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*")
