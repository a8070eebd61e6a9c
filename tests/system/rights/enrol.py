"""Enrol the people with FAB: ``python -m tests.system.rights.enrol``."""

from __future__ import annotations

import json
from pathlib import Path

from airflow.configuration import conf
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

from tests.system.rights.people import FAB


def main() -> None:
    """Create the roles that FAB does not have, and a user of each role, as ``airflow users create`` does.

    They have the one password that all have in the simple auth manager.
    """
    passwords = Path(conf.get("core", "simple_auth_manager_passwords_file"))
    password = json.loads(passwords.read_text())["admin"]
    with get_application_builder() as builder:
        manager = builder.sm
        plugins = manager.create_permission("can_read", "Plugins")
        manager.add_permission_to_role(manager.add_role("Reader"), plugins)
        manager.add_role("ReaderWithoutPlugins")
        for person, role in FAB.items():
            mail = f"{person}@example.org"
            if not manager.add_user(person, person, person, mail, manager.find_role(role), password):
                raise RuntimeError(f"FAB does not take {person}")


if __name__ == "__main__":
    main()
