"""A whole Airflow of one's own, each component in a process of its own."""

from __future__ import annotations

import base64
import json
import secrets
import sys
from typing import TYPE_CHECKING, ClassVar

import httpx

from tests.harness.api import AirflowApi, moment
from tests.harness.environment import clean_environ
from tests.harness.ports import HOST, free_port
from tests.harness.process import Process
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

USER = "admin"
EVENTS_PAGE = "/plugin/hybrid-events"
"""Where Airflow's UI shows the package's pages, from Airflow 3.1.1 on."""


class Airflow:
    """Airflow with LocalExecutor: API server, scheduler, DAG processor and triggerer.

    ``components`` holds one ``Process`` per component, by the name of its command ("api-server", "scheduler",
    "dag-processor", "triggerer"): each can be stopped, killed and started again on its own.
    """

    commands: ClassVar[Mapping[str, Sequence[str]]] = {
        "api-server": ["api-server"],
        # Logs are read from the disk that all components share, so that the log servers need no port.
        "scheduler": ["scheduler", "--skip-serve-logs"],
        "dag-processor": ["dag-processor"],
        "triggerer": ["triggerer", "--skip-serve-logs"],
    }
    """What to tell Airflow's command line for each component."""

    def __init__(
        self,
        home: Path,
        dags_folder: Path,
        database_url: str | None = None,
        environ: Mapping[str, str] | None = None,
        people: Mapping[str, str] | None = None,
    ) -> None:
        """Describe the installation; ``start`` starts it.

        Args:
            home: The AIRFLOW_HOME; logs of the components are in ``logs/components`` below it.
            dags_folder: Where the DAG files are.
            database_url: SQLAlchemy URL of the metadata database; None for SQLite below ``home``.
            environ: Further environment variables of all components; they win over the harness's.
            people: Further users of the SimpleAuthManager, with their roles; all have one password.
        """
        self.home = home
        self.base_url = f"http://{HOST}:{free_port()}"
        self.password = secrets.token_urlsafe(9)
        self.logs = home / "logs" / "components"
        self._people = {USER: "admin", **(people or {})}
        self._passwords = home / "passwords.json"
        self.environ = clean_environ(
            **{
                **_settings(home, dags_folder, self.base_url),
                "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(map(":".join, self._people.items())),
                "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self._passwords),
                "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database_url or f"sqlite:///{home / 'airflow.db'}",
                **(environ or {}),
            }
        )
        self.components = {name: self._process(name, *args) for name, args in self.commands.items()}
        self.components["api-server"].command += ["--host", HOST, "--port", self.base_url.rsplit(":", 1)[1]]

    def start(self, timeout: float = 120, tell: Callable[[str], None] = lambda _: None) -> None:
        """Prepare the database, start all components and wait until all are healthy.

        Args:
            timeout: Seconds to wait for that.
            tell: Gets what is waited for just now.

        Raises:
            RuntimeError: A component ended; the message has the end of its log.
            TimeoutError: Some component is not healthy after ``timeout`` seconds.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        self._passwords.write_text(json.dumps(dict.fromkeys(self._people, self.password)))
        tell("making its database")
        self.migrate()
        for component in self.components.values():
            component.start()
        self.wait_healthy(timeout, tell)

    def migrate(self) -> None:
        """Create or upgrade the metadata database."""
        self.run("airflow", "db", "migrate")

    def run(self, module: str, *arguments: str) -> None:
        """Run a command to its end.

        Args:
            module: The Python module that is the command, such as ``airflow``.
            arguments: Its arguments; the first two are in the name of its log.

        Raises:
            RuntimeError: It failed; the message has the end of its log.
        """
        command = self._process("-".join([module, *arguments[:2]]), *arguments, module=module)
        command.start()
        try:
            command.wait(180)
        finally:
            command.kill()

    def wait_healthy(self, timeout: float, tell: Callable[[str], None] = lambda _: None) -> None:
        """Wait until the API says that every component has sent a heartbeat since it was started.

        Args:
            timeout: Seconds.
            tell: Gets what is waited for just now.
        """

        def look() -> bool:
            if is_well := self._alive_and_healthy():
                return is_well
            tell(f"waiting for {', '.join(self.unwell()) or 'an answer'}")
            return False

        wait_until(look, timeout, f"a healthy Airflow at {self.base_url} (logs: {self.logs})")

    def unwell(self) -> list[str]:
        """Return the components that have sent no heartbeat since they were started, as the API says."""
        try:
            answer = self.get("/api/v2/monitor/health")
        except httpx.TransportError:
            return ["api-server"]
        if not answer.is_success:
            return ["api-server"]
        parts = answer.json().items()
        return [part.replace("_", "-") for part, health in parts if not self._alive_since(None, part, health)]

    def healthy(self, since: datetime | None = None) -> bool:
        """Whether the API says so of every component, and answers tasks, too.

        Its first answer to a task takes it some seconds, which a test's first task need not wait for.

        Args:
            since: A component's heartbeat must be later than this, and than the component's start.
        """
        try:
            self.get("/execution/health")
            answer = self.get("/api/v2/monitor/health")
        except httpx.TransportError:
            return False
        return answer.is_success and all(self._alive_since(since, *part) for part in answer.json().items())

    def get(self, path: str) -> httpx.Response:
        """Ask the API server for what it tells everybody, on a connection of its own."""
        return httpx.get(self.base_url + path, trust_env=False, timeout=30)

    def stop(self) -> None:
        """Stop all components side by side, the API server last: a task that ends now still reports so."""
        api_server = self.components["api-server"]
        others = [component for component in self.components.values() if component is not api_server]
        for component in others:
            component.terminate()
        for component in [*others, api_server]:
            # An idle triggerer takes ten seconds to notice that its runner has ended.
            component.stop(grace=5)

    def api(self, user: str = USER) -> AirflowApi:
        """Return a new client, in which somebody has logged in."""
        return AirflowApi(self.base_url, user, self.password)

    def check(self) -> None:
        """Raise RuntimeError, with the end of its log, if a component has died."""
        for component in self.components.values():
            component.check()

    def _process(self, name: str, *arguments: str, module: str = "airflow") -> Process:
        command = [sys.executable, "-m", module, *arguments]
        return Process(
            name, command, log=self.logs / f"{name}.log", environ={**self.environ, "COMPONENT": name}
        )

    def _alive_and_healthy(self) -> bool:
        self.check()
        return self.healthy()

    def _alive_since(self, since: datetime | None, part: str, health: Mapping[str, str]) -> bool:
        """Whether a part is healthy, and not only because of a heartbeat from before it was started again."""
        heartbeat = health.get(f"latest_{part}_heartbeat")
        started_at = self.components[part.replace("_", "-")].started_at if heartbeat else None
        fresh = all(not (heartbeat and then) or moment(heartbeat) >= then for then in (since, started_at))
        return health["status"] == "healthy" and fresh


def _settings(home: Path, dags_folder: Path, base_url: str) -> dict[str, str]:
    options = {
        "CORE__DAGS_FOLDER": str(dags_folder),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": "8",
        "CORE__EXECUTION_API_SERVER_URL": f"{base_url}/execution/",
        "CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "API__BASE_URL": base_url,
        "API__WORKERS": "1",
        "API__SECRET_KEY": secrets.token_urlsafe(32),
        "API_AUTH__JWT_SECRET": secrets.token_urlsafe(64),
        # Airflow 3.0.6 accepts no token of its own without one.
        "API_AUTH__JWT_ISSUER": "tests",
        "DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "5",
        # A DAG file is parsed once, when it is new or changed: two cores have better things to do.
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300",
        # And if it changes twice within half a minute, the second change need not wait for those 300 s.
        "CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "0",
        # A scheduler that runs no tasks, as those of EmptyOperator, idles a second after so many runs.
        "SCHEDULER__MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE": "100",
        "SCHEDULER__ENABLE_HEALTH_CHECK": "False",
        "USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    return {"AIRFLOW_HOME": str(home), **{f"AIRFLOW__{name}": value for name, value in options.items()}}
