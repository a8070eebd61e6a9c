"""Write the pages: ``python -m tests.reference``."""

from __future__ import annotations

from tests.reference.pages import PAGES


def main() -> None:
    """Write each page anew."""
    for path, write in PAGES.items():
        path.write_text(write())


if __name__ == "__main__":
    main()
