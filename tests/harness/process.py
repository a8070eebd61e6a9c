"""One child process with all its descendants: started, stopped, killed, started again."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import psutil

from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Process:
    """A command that runs in a session of its own and writes to a log file.

    A session, unlike a process group or a parent, stays with the workers that Airflow's components fork, even
    after the component itself is dead. So ``stop`` and ``kill`` leave none of them behind.
    """

    started_at: datetime | None
    """When it was started last."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environ: Mapping[str, str],
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Describe the process; ``start`` starts it.

        Args:
            name: What to call it in messages.
            command: Program and arguments.
            log: File to append its output to.
            environ: Its whole environment.
            user: The user to run as, which needs root; None for the caller's.
            stop_signal: What asks the child to end.
        """
        self.name = name
        self.command = [str(part) for part in command]
        self.log = log
        self.environ = dict(environ)
        self.user = user
        self.stop_signal = stop_signal
        self._popen: subprocess.Popen[bytes] | None = None
        self._asked_to_end = False
        self.started_at = None

    @property
    def pid(self) -> int:
        """Process id of the running child, which is its session id too.

        Raises:
            RuntimeError: It was never started.
        """
        if self._popen is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._popen.pid

    @property
    def alive(self) -> bool:
        """Whether the child itself still runs."""
        return self._popen is not None and self._popen.poll() is None

    def start(self) -> None:
        """Start the command.

        Raises:
            RuntimeError: It runs already.
        """
        if self.alive:
            raise RuntimeError(f"{self.name} runs already")
        self._asked_to_end = False
        self.started_at = datetime.now(timezone.utc)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environ,
                cwd=self.log.parent,
                user=self.user,
                start_new_session=True,
                preexec_fn=self._die_with_the_parent,  # noqa: PLW1509  (no threads are involved)
            )

    def stop(self, grace: float = 15) -> None:
        """Ask the child to end, and after ``grace`` seconds end it and all its descendants by force."""
        self.terminate()
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: not self.alive, grace, f"{self.name} to stop", every=0.05)
        self.kill()

    def terminate(self) -> None:
        """Ask the child to end, and do not wait for it.

        It is asked once: Airflow's scheduler hangs when it is asked again while it ends.
        """
        if self.alive and not self._asked_to_end:
            os.kill(self.pid, self.stop_signal)
            self._asked_to_end = True

    def kill(self) -> None:
        """End the child and all its descendants at once, as a machine does that loses its power."""
        if self._popen is None:
            return
        wait_until(self._kill_session, 10, f"{self.name} to be gone", every=0.02)
        self._popen.wait()

    def wait(self, timeout: float) -> None:
        """Wait for the command to succeed.

        Raises:
            RuntimeError: It failed; the message has the end of its log.
            TimeoutError: It still runs after ``timeout`` seconds.
        """
        wait_until(lambda: not self.alive, timeout, f"{self.name} to finish (log: {self.log})")
        if self._popen is None or self._popen.returncode:
            raise RuntimeError(self.obituary())

    def check(self) -> None:
        """Raise RuntimeError, with the end of the log, if the child is dead."""
        if not self.alive:
            raise RuntimeError(self.obituary())

    def obituary(self) -> str:
        """Say that the child ended, how, and what it said last."""
        code = self._popen.poll() if self._popen else None
        return f"{self.name} ended with code {code}. The end of {self.log}:\n{self.tail()}"

    def tail(self, lines: int = 15, width: int = 300) -> str:
        """Return the last lines of the log, each cut at a width."""
        if not self.log.exists():
            return ""
        text = self.log.read_text(errors="replace")
        return "\n".join(line[:width] for line in text.splitlines()[-lines:])

    def _die_with_the_parent(self) -> None:
        """Where Linux offers it: a parent that is killed takes its children along."""
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, self.stop_signal)

    def _kill_session(self) -> bool:
        """Kill what is left of the session; true when nothing was."""
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)
        remaining = [pid for pid in psutil.pids() if _session(pid) == self.pid and _runs(pid)]
        for pid in remaining:
            _kill(pid)
        return not remaining


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
