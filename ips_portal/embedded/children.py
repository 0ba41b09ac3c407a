"""Child processes that die with their parent, and a supervisor that starts, watches and stops them in order."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ips_portal.bootstrap.places import Problem, say

PR_SET_PDEATHSIG = 1
LONGEST_BACK_OFF = 30.0
STEADY = 60.0  # a child that ran this long starts again at once
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """Who a child runs as, where the supervisor is root."""

    uid: int
    gid: int


@dataclass
class Child:
    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    folder: Path
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    grace: float = 15.0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=dict(self.env),
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the rest in order
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                # Set after the change of account, which would clear it again.
                preexec_fn=die_with_parent(self.orphan_signal),
            )

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def stop(self) -> None:
        """Ask, wait, insist; then sweep up what the child itself had started."""
        if self.process is None:
            return
        if self.running:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.grace)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        _kill_group(self.process.pid)
        self.process = None

    def last_words(self, lines: int = 12) -> str:
        try:
            text = self.log.read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join("    " + line for line in text.splitlines()[-lines:])


def die_with_parent(orphan_signal: signal.Signals) -> Callable[[], None]:
    """What a child runs first, so that the kernel signals it when its parent is gone, even by kill -9."""
    parent = os.getpid()

    def in_child() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(orphan_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return in_child


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def wait_until(
    ready: Callable[[], bool], child: Child, what: str, seconds: float = 60.0, pause: float = 0.05
) -> None:
    """Wait for a child to answer; a child that ends or stays silent is a problem with its last words."""
    end = time.monotonic() + seconds
    while not ready():
        if not child.running:
            raise Problem(f"{what} did not start. It said ({child.log}):\n{child.last_words()}")
        if time.monotonic() > end:
            raise Problem(f"{what} did not answer in {seconds:.0f} s ({child.log}):\n{child.last_words()}")
        time.sleep(pause)


class Part(Protocol):
    """Something the supervisor keeps running."""

    @property
    def name(self) -> str: ...
    @property
    def running(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


@dataclass
class _Watch:
    part: Part
    started: float
    failures: int = 0
    retry_at: float | None = None


class Supervisor:
    """Starts parts in the order given, restarts the dead with growing pauses, stops in reverse order."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._watches: list[_Watch] = []

    def start(self, part: Part) -> None:
        self._watches.append(_Watch(part, self._clock()))
        part.start()

    def look(self) -> None:
        """One round: notice who died, restart whose pause is over."""
        now = self._clock()
        for watch in self._watches:
            if watch.part.running:
                continue
            if watch.retry_at is None:
                steady = now - watch.started > STEADY
                watch.failures = 1 if steady else watch.failures + 1
                pause = min(2.0 ** (watch.failures - 1), LONGEST_BACK_OFF)
                watch.retry_at = now + pause
                say(f"{watch.part.name} ended; starting it again in {pause:.0f} s")
            elif now >= watch.retry_at:
                self._restart(watch)

    def _restart(self, watch: _Watch) -> None:
        watch.retry_at, watch.started = None, self._clock()
        try:
            watch.part.start()
        except Problem as problem:
            say(str(problem))

    def watch(self, pause: float = 0.5) -> None:
        """Until a signal raises its way out."""
        while True:
            self.look()
            time.sleep(pause)

    def stop(self) -> None:
        while self._watches:
            watch = self._watches.pop()
            try:
                watch.part.stop()
            except Exception as error:  # the others still have to be stopped
                print(f"  {watch.part.name} could not be stopped: {error}", file=sys.stderr)
