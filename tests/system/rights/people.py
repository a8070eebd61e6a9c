"""The people, and the role that each of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

STRANGER = "stranger"
"""Somebody who has not logged in."""

SIMPLE: Mapping[str, str] = {"guest": "", "viewer": "viewer", "user": "user", "op": "op", "admin": "admin"}
"""Roles of the simple auth manager. The guest has none."""

FAB: Mapping[str, str] = {
    "guest": "Public",
    "reader": "Reader",
    "reader_without_plugins": "ReaderWithoutPlugins",
    "viewer": "Viewer",
    "user": "User",
    "op": "Op",
    "admin": "Admin",
}
"""Roles of FAB, which has all but two: the `access_control` of a dispatcher lets these read it."""
