"""Where the bootstrap keeps things, how it speaks, and how it runs other programs."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    sys.exit("The portal runs on Linux. On Windows, use WSL or the docker-compose.yml of this project.")

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL = ROOT / ".local"


class Problem(Exception):
    """Something a person has to mend before the start can go on; the text says what and how."""


def say(text: str) -> None:
    print("  " + text, flush=True)


def run(command: list[str], env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a program, pass on what it says line by line, and keep the text to explain a failure."""
    try:
        process = subprocess.Popen(
            command, cwd=str(ROOT), env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        return 127, str(error)
    lines = []
    with process:
        for line in process.stdout or ():
            lines.append(line)
            if not line.startswith(" + "):  # uv's list of every package it installed
                print("    " + line.rstrip(), flush=True)
    return process.returncode, "".join(lines)


@contextlib.contextmanager
def only_one(lock: Path, waiting: str) -> Iterator[None]:
    """Hold a file lock; whoever comes second is told why it waits. The kernel drops it with the process."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(str(lock), "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def explain(what: str, output: str) -> str:
    """Turn the output of a failed program into what happened and what to do."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for signs, advice in SIGNS:
        telling = [line for line in lines if any(sign in line.lower() for sign in signs)]
        if telling:
            return os.linesep.join([what + ".", "  It said: " + telling[-1], "  " + advice])
    advice = "The lines above say why. Nothing half-done is used: the next start tries again."
    return os.linesep.join([what + ".", *("  It said: " + line for line in lines[-1:]), "  " + advice])


DISK = "The disk is full. Free at least 1 GB for this folder, then run the same command again."
NETWORK = (
    "The package index could not be reached. Check the network; behind a proxy set HTTPS_PROXY, with\n"
    "  a mirror set PIP_INDEX_URL, with an own certificate authority set SSL_CERT_FILE. Then run this again."
)
READ_ONLY = "It cannot be written. Copy the checkout to a folder of your own and run the command there."
NO_EXECUTION = "Programs may not run from here (noexec). Copy the checkout to a disk mounted without noexec."
SIGNS = (
    (("no space left", "os error 28", "disk quota"), DISK),
    (("read-only file system", "os error 30"), READ_ONLY),
    (("failed to map segment", "permission denied: '" + str(LOCAL)), NO_EXECUTION),
    (
        (
            "error sending request",
            "dns error",
            "could not fetch",
            "failed to fetch",
            "connection refused",
            "temporary failure in name resolution",
            "no matching distribution",
            "proxyerror",
            "newconnectionerror",
            "timed out",
            "unknownissuer",
            "certificate verify failed",
            "urlopen error",
        ),
        NETWORK,
    ),
)
