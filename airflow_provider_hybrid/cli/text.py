"""The text that a command gets in a file or on standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from airflow_provider_hybrid.exceptions import HybridError

_NUL = b"\0"


class TextError(HybridError):
    """A file or standard input holds no text that a command can read; says which one, why and what to do."""


def read_text(file: Path) -> str:
    """Read a file's text.

    Args:
        file: The file; ``-`` is standard input.

    Returns:
        The text, without a byte order mark.

    Raises:
        TextError: If it cannot be read, is not UTF-8, or is empty.
    """
    name = "standard input" if str(file) == "-" else str(file)
    try:
        return _decode(standard_input() if str(file) == "-" else file.read_bytes(), name)
    except OSError as error:
        raise TextError(f"{name}: {error.strerror}") from None


def standard_input() -> bytes:
    """Read all of standard input; nothing if there is none."""
    # `sys.stdin` is None if the process was started with standard input closed.
    return sys.stdin.buffer.read() if sys.stdin else b""


def _decode(data: bytes, name: str) -> str:
    # JSON has no NUL, and nearly every other character of a text in UTF-16 or UTF-32 has one.
    if _NUL in data:
        raise TextError(f"{name} is not UTF-8 but, it seems, UTF-16 or UTF-32; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TextError(
            f"{name} is not UTF-8 (byte {error.start + 1} of {len(data)}); save it as UTF-8"
        ) from None
    if not text.strip():
        raise TextError(f"{name} holds no text")
    return text
