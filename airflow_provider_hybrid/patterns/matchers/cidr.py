"""IP addresses in a network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from typing import Any, NamedTuple

from airflow_provider_hybrid.exceptions import EventPatternError
from airflow_provider_hybrid.patterns.matchers.matcher import Path, Scalar, ValueMatcher
from airflow_provider_hybrid.patterns.matchers.operand import found, string

_DIGITS = re.compile(r"[0-9]+")
_SIGNED_DIGITS = re.compile(r"[+-]?[0-9]+")
_GROUPS = re.compile(r"[0-9A-Fa-f:]+")
_LONGEST_ADDRESS = 1000
"""The most characters of an address or a mask: a text of a mebibyte is refused without being read."""


class Address(NamedTuple):
    """The bits of an IP address; ``::1`` and ``0:0:0:0:0:0:0:1`` are the same address."""

    width: int
    bits: int


@dataclass(frozen=True)
class Cidr(ValueMatcher):
    """``{"cidr": "10.0.0.0/24"}``, with IPv4 and IPv6; the bits after the mask do not count.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-ip-matching

    Args:
        network: Any address of the network.
        free_bits: The number of bits at the end that may differ.
    """

    network: Address
    free_bits: int

    def accepts(self, value: Scalar) -> bool:
        """Accept the text of an address in the network."""
        address = _read_address(value) if isinstance(value, str) else None
        return (
            address is not None
            and address.width == self.network.width
            and address.bits >> self.free_bits == self.network.bits >> self.free_bits
        )


def parse_cidr(operand: Any, path: Path) -> ValueMatcher:
    """Read ``"10.0.0.0/24"``."""
    text, slash, mask = string(operand, path).partition("/")
    if not slash or "/" in mask or not mask:
        raise EventPatternError(path, f"expected an address, one slash and a mask, found {found(operand)}")
    network = _read_address(text)
    if network is None:
        raise EventPatternError(path, f"{found(text)} is no IP address")
    if not _SIGNED_DIGITS.fullmatch(mask) or len(mask) > _LONGEST_ADDRESS:
        raise EventPatternError(path, "the mask is no number")
    # The engine also refuses a network of one address. A pattern can name the address itself.
    if int(mask) not in range(network.width):
        raise EventPatternError(path, f"the mask must be at least 0 and less than {network.width}")
    return Cidr(network, network.width - int(mask))


def _read_address(text: str) -> Address | None:
    if len(text) > _LONGEST_ADDRESS:
        return None
    return _read_v6(text) if ":" in text else _read_v4(text)


def _read_v4(text: str) -> Address | None:
    """Read four decimal numbers; leading zeros do not make them octal."""
    octets = text.split(".")
    if len(octets) != 4 or not all(map(_DIGITS.fullmatch, octets)):  # noqa: PLR2004  (IPv4)
        return None
    numbers = [int(octet) for octet in octets]
    return Address(32, int.from_bytes(numbers, "big")) if max(numbers) <= 0xFF else None  # noqa: PLR2004


def _read_v6(text: str) -> Address | None:
    """Read eight groups, or fewer with ``::``; refuse a zone, and an IPv4 address at the end."""
    try:
        return Address(128, int(IPv6Address(text))) if _GROUPS.fullmatch(text) else None
    except AddressValueError:
        return None
