"""A real Celery worker beside a test, and what a test asks of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ips_portal.bootstrap.places import ROOT


class Worker:
    """One worker with one process. Its process group is its own, so that it can be killed with everything in it."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Nothing to do while it runs."""
        if self.is_running:
            return
        with self.log.open("ab") as output:
            begun = output.tell()
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "ips_portal", "worker", "--concurrency", "1"),
                    *("--include", "tests.ips_portal.paper_kinds", "-l", "INFO"),
                    *("--without-mingle", "--without-gossip"),
                ],
                cwd=ROOT,
                env=dict(os.environ),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        until(lambda: b"ready." in self.log.read_bytes()[begun:] or not self.is_running, seconds=30)
        assert self.is_running, self.log.read_text()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """As a power cut would: every process of it, at once."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.is_running:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


def until(happened: Callable[[], object], *, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.05)
