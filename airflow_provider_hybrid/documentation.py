"""Where the documentation is: texts that the package says name its pages by their address."""

from __future__ import annotations

SITE = "https://airflow-provider-hybrid.github.io/airflow-provider-hybrid/"


def page(name: str, section: str = "") -> str:
    """Name a page of the documentation.

    Args:
        name: The page's path under ``docs/``, without ``.md``: ``deploy``, ``how-to/fifo``.
        section: The id of a heading on that page; the page as a whole without it.

    Returns:
        The address, for example ``https://.../troubleshooting/#queue-not-found``.
    """
    return f"{SITE}{name}/" + (f"#{section}" if section else "")
