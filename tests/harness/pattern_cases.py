"""Corners of the pattern language, one by one.

They are those in which a simpler reading of AWS's documentation would go wrong, each with what EventBridge's
engine does. `tests/integration/test_pattern_oracle.py` asks the oracle about all of them.
"""

from __future__ import annotations

import json
from typing import Any


def wrapped(value: Any) -> dict[str, Any]:
    """Put a pattern or an event where both of them may hold anything."""
    return {"detail": value}


MATCHES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("one number, many spellings", json.loads('{"x": [1e0]}'), {"x": 1}),
    ("a number that is no integer", {"x": [301.8]}, {"x": 3.018e2}),
    ("null is a value", {"x": [{"anything-but": "a"}]}, {"x": None}),
    ("null exists", {"x": [{"exists": True}]}, {"x": None}),
    ("an object is no leaf", {"x": [{"exists": False}]}, {"x": {"y": 1}}),
    ("an empty array holds nothing", {"x": [{"exists": False}]}, {"x": []}),
    ("nothing lies below a scalar", {"x": {"y": [{"exists": False}]}}, {"x": "text"}),
    ("exists false, or a value", {"x": [{"exists": False}, 1]}, {"x": 1}),
    ("exists false, or a value, and nothing", {"x": [{"exists": False}, 1]}, {"y": 1}),
    ("one element without it is enough", {"x": {"y": [{"exists": False}]}}, {"x": [{"y": 1}, {"z": 2}]}),
    ("an array of arrays", {"x": [1]}, {"x": [[0, [1]]]}),
    ("one other value in an array is enough", {"x": [{"anything-but": "a"}]}, {"x": ["a", "b"]}),
    ("one element has it all", {"x": {"y": [1], "z": [2]}}, {"x": [{"y": 0}, {"y": 1, "z": 2}]}),
    ("in arrays of arrays too", {"x": {"y": [1], "z": [2]}}, {"x": [[{"y": 0}], [{"y": 1, "z": 2}]]}),
    ("the empty prefix is any text's", {"x": [{"prefix": ""}]}, {"x": ""}),
    ("the empty suffix is any text's", {"x": [{"suffix": ""}]}, {"x": "a"}),
    ("without case, prefix", {"x": [{"prefix": {"equals-ignore-case": "EventB"}}]}, {"x": "eVENTbridge"}),
    ("without case, suffix", {"x": [{"suffix": {"equals-ignore-case": ".PNG"}}]}, {"x": "a.png"}),
    ("sharp s has an upper case of two letters", {"x": [{"equals-ignore-case": "straße"}]}, {"x": "STRASSE"}),
    ("also at the end", {"x": [{"suffix": {"equals-ignore-case": "ß"}}]}, {"x": "FUSS"}),
    (
        "and its letters keep their order",
        {"x": [{"suffix": {"equals-ignore-case": "\ufb01"}}]},
        {"x": "HI-FI"},
    ),
    ("upper case in a pattern", {"x": [{"equals-ignore-case": "Done"}]}, {"x": "DONE"}),
    ("also two of them", {"x": [{"prefix": {"equals-ignore-case": "ßß"}}]}, {"x": "SSßx"}),
    ("capital sharp s", {"x": [{"equals-ignore-case": "ẞ"}]}, {"x": "ß"}),
    ("a star may be nothing", {"x": [{"wildcard": "a*b*c"}]}, {"x": "abc"}),
    ("a star is any text", {"x": [{"wildcard": "*/lib/*"}]}, {"x": "a\n/lib/b"}),
    ("pieces overlap nowhere", {"x": [{"wildcard": "*ab*ab*"}]}, {"x": "abab"}),
    ("an escaped star", {"x": [{"wildcard": r"a\**"}]}, {"x": "a*b"}),
    ("an escaped backslash", {"x": [{"wildcard": r"a\\*"}]}, {"x": "a\\b"}),
    ("a wildcard without a star", {"x": [{"wildcard": "ab"}]}, {"x": "ab"}),
    ("not one of several prefixes", {"x": [{"anything-but": {"prefix": ["a", "b"]}}]}, {"x": "c"}),
    ("not one of several wildcards", {"x": [{"anything-but": {"wildcard": ["a*", "*b"]}}]}, {"x": "cc"}),
    ("a number has no prefix", {"x": [{"anything-but": {"prefix": "1"}}]}, {"x": 1}),
    ("two spellings of a bound", {"x": [{"numeric": [">=", 1e0, "<", 2]}]}, {"x": 1}),
    ("equal numbers", {"x": [{"numeric": ["=", 301.8]}]}, {"x": 3.018e2}),
    ("decimal octets", {"x": [{"cidr": "010.0.0.0/8"}]}, {"x": "10.1.2.3"}),
    ("host bits are of no matter", {"x": [{"cidr": "10.0.0.7/24"}]}, {"x": "10.0.0.200"}),
    ("the whole of IPv4", {"x": [{"cidr": "10.0.0.0/0"}]}, {"x": "203.0.113.9"}),
    ("IPv6", {"x": [{"cidr": "2001:db8::/32"}]}, {"x": "2001:0DB8:1:0:0:0:0:1"}),
    ("the long form of a text", {"x": [{"exactly": "a"}]}, {"x": "a"}),
    ("a key with a dot is a way", {"x.y": [1]}, {"x": {"y": 1}}),
    ("an operator's name is a field outside of or", {"prefix": ["a"]}, {"prefix": "a"}),
    ("or, first", {"$or": [{"x": [1]}, {"y": [1]}]}, {"x": 1}),
    ("or, second", {"$or": [{"x": [1]}, {"y": [1]}]}, {"y": 1}),
    ("or, below a key", {"k": {"$or": [{"x": [1]}, {"y": [1]}]}}, {"k": {"y": 1}}),
    ("or in or", {"$or": [{"x": [1]}, {"y": [1], "$or": [{"z": [1]}, {"z": [2]}]}]}, {"y": 1, "z": 2}),
    ("the or comes last", {"x": [1], "$or": [{"x": [2]}, {"y": [3]}]}, {"x": 2}),
    ("the field comes last", {"$or": [{"x": [2]}, {"y": [3]}], "x": [1]}, {"x": 1}),
    ("an or of operators is a field", {"$or": [{"prefix": "a"}, {"suffix": "b"}]}, {"$or": "ab"}),
    ("an or that is an object is a field", {"$or": {"x": [1]}}, {"$or": {"x": 1}}),
]

DOES_NOT_MATCH: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("true is no number", {"x": [1]}, {"x": True}),
    ("a number is no text", {"x": ["1"]}, {"x": 1}),
    ("there must be something else", {"x": [{"anything-but": "a"}]}, {"y": 1}),
    ("an empty array is nothing else", {"x": [{"anything-but": "a"}]}, {"x": []}),
    ("an object is nothing else", {"x": [{"anything-but": "a"}]}, {"x": {"y": 1}}),
    ("no element has it all", {"x": {"y": [1], "z": [2]}}, {"x": [{"y": 1}, {"z": 2}]}),
    ("nor deeper", {"x": {"y": {"a": [1], "b": [2]}}}, {"x": [{"y": {"a": 1}}, {"y": {"b": 2}}]}),
    ("the empty prefix is no number's", {"x": [{"prefix": ""}]}, {"x": 5}),
    ("the pattern decides about case", {"x": [{"equals-ignore-case": "ß"}]}, {"x": "ss"}),
    ("and not the value", {"x": [{"equals-ignore-case": "strasse"}]}, {"x": "straße"}),
    ("first and last overlap nowhere", {"x": [{"wildcard": "ab*ba"}]}, {"x": "aba"}),
    ("a wildcard without a star is all", {"x": [{"wildcard": "ab"}]}, {"x": "abc"}),
    ("a number matches no wildcard", {"x": [{"wildcard": "1*"}]}, {"x": 1}),
    ("text is no number", {"x": [{"numeric": ["=", 1]}]}, {"x": "1"}),
    ("true is not 1", {"x": [{"numeric": ["=", 1]}]}, {"x": True}),
    ("an integer no double holds", {"x": [{"numeric": [">", 1]}]}, {"x": 10**400}),
    ("a number is no address", {"x": [{"cidr": "0.0.0.0/0"}]}, {"x": 167772161}),
    ("IPv4 in IPv6's clothes", {"x": [{"cidr": "10.0.0.0/8"}]}, {"x": "::ffff:10.0.0.1"}),
    ("IPv6 with the same bits", {"x": [{"cidr": "10.0.0.0/8"}]}, {"x": "::0a00:1"}),
    ("an address with a zone", {"x": [{"cidr": "fe80::/10"}]}, {"x": "fe80::1%eth0"}),
    ("of two wishes the last counts", {"x": [1], "$or": [{"x": [2]}, {"y": [3]}]}, {"x": 1}),
    ("a value and an object at once", {"x": [1], "x.y": [2]}, {"x": [1, {"y": 2}]}),
]

REFUSED: list[tuple[dict[str, Any], tuple[str | int, ...]]] = [
    ({"x": [{"cidr": "10.0.0.1/32"}]}, ("x", 0, "cidr")),
    ({"x": [{"cidr": "::1/128"}]}, ("x", 0, "cidr")),
    ({"x": [{"cidr": "10.0.0.1"}]}, ("x", 0, "cidr")),
    ({"x": [{"cidr": "fe80::1%eth0/64"}]}, ("x", 0, "cidr")),
    ({"x": [{"cidr": "10.0.0.0/8/8"}]}, ("x", 0, "cidr")),
    ({"x": [{"cidr": "10.0.0.0/x"}]}, ("x", 0, "cidr")),
    ({"x": [{"cidr": "1::2::3/8"}]}, ("x", 0, "cidr")),
    ({"x": [{"cidr": 10}]}, ("x", 0, "cidr")),
    ({"x": [{"wildcard": "a**b"}]}, ("x", 0, "wildcard")),
    ({"x": [{"wildcard": "a\\b"}]}, ("x", 0, "wildcard")),
    ({"x": [{"wildcard": "a\\"}]}, ("x", 0, "wildcard")),
    ({"x": [{"wildcard": ["a*"]}]}, ("x", 0, "wildcard")),
    ({"x": [{"numeric": 5}]}, ("x", 0, "numeric")),
    ({"x": [{"numeric": []}]}, ("x", 0, "numeric")),
    ({"x": [{"numeric": [">"]}]}, ("x", 0, "numeric")),
    ({"x": [{"numeric": ["!=", 5]}]}, ("x", 0, "numeric", 0)),
    ({"x": [{"numeric": [">", "5"]}]}, ("x", 0, "numeric", 1)),
    ({"x": [{"numeric": [">", True]}]}, ("x", 0, "numeric", 1)),
    ({"x": [{"numeric": [">", 2**53 + 1]}]}, ("x", 0, "numeric", 1)),
    ({"x": [{"numeric": [">", 10**400]}]}, ("x", 0, "numeric", 1)),
    ({"x": [{"numeric": ["<", 5, ">", 1]}]}, ("x", 0, "numeric", 0)),
    ({"x": [{"numeric": [">", 1, ">", 5]}]}, ("x", 0, "numeric", 2)),
    ({"x": [{"numeric": [">", 5, "<", 5]}]}, ("x", 0, "numeric")),
    ({"x": [{"anything-but": None}]}, ("x", 0, "anything-but")),
    ({"x": [{"anything-but": True}]}, ("x", 0, "anything-but")),
    ({"x": [{"anything-but": []}]}, ("x", 0, "anything-but")),
    ({"x": [{"anything-but": ["a", 1]}]}, ("x", 0, "anything-but", 1)),
    ({"x": [{"anything-but": ["a", None]}]}, ("x", 0, "anything-but", 1)),
    ({"x": [{"anything-but": {"prefix": ""}}]}, ("x", 0, "anything-but", "prefix")),
    ({"x": [{"anything-but": {"prefix": []}}]}, ("x", 0, "anything-but", "prefix")),
    ({"x": [{"anything-but": {"suffix": ["a", ""]}}]}, ("x", 0, "anything-but", "suffix", 1)),
    ({"x": [{"anything-but": {"numeric": ["=", 1]}}]}, ("x", 0, "anything-but", "numeric")),
    ({"x": [{"anything-but": {"prefix": {"equals-ignore-case": "a"}}}]}, ("x", 0, "anything-but", "prefix")),
    ({"x": [{"prefix": {"wildcard": "a"}}]}, ("x", 0, "prefix", "wildcard")),
    ({"x": [{"prefix": {}}]}, ("x", 0, "prefix")),
    ({"x": [{"equals-ignore-case": ["a"]}]}, ("x", 0, "equals-ignore-case")),
    ({"x": [{"exists": 1}]}, ("x", 0, "exists")),
    ({"x": [{"exactly": 1}]}, ("x", 0, "exactly")),
    ({"x": [{}]}, ("x", 0)),
    ({"x": [["a"]]}, ("x", 0)),
    ({"x": None}, ("x",)),
    ({"$or": [{"x": [1]}]}, ("$or",)),
    ({"$or": [{"x": [1]}, 5]}, ("$or", 1)),
    ({"$or": [{"x": [1]}, {}]}, ("$or", 1)),
    ({"$or": [{"x": [{"prefx": "a"}]}, {"y": [1]}]}, ("$or", 0, "x", 0, "prefx")),
    ({"$or": [{"x": [1]}, {"y": {"prefix": ["a"]}}]}, ("$or", 1, "y", "prefix")),
]


def wrapped(value: Any) -> dict[str, Any]:
    """Put a pattern or an event where both of them may hold anything."""
    return {"detail": value}
