"""A text file that a test reads, or one clear error."""

from __future__ import annotations

from pathlib import Path

from airflow_provider_hybrid.exceptions import ConfigError


def text_of(file: Path) -> str:
    """Read a text.

    Args:
        file: The file.

    Raises:
        ConfigError: If there is no such file, or if it is no text in UTF-8; says what to do.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}; a relative path begins in {Path.cwd()}") from None
