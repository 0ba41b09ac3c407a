"""What the portal asks of the machine, checked before anything is changed, each refusal with its remedy."""

from __future__ import annotations

import os
import platform
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from ips_portal.bootstrap.places import DISK, LOCAL, NO_EXECUTION, READ_ONLY, ROOT, Problem

LOWEST_PYTHON = (3, 11)
LOWEST_GLIBC = (2, 28)  # what the PostgreSQL and Node binaries were built against
SPACE_TO_PREPARE = 1024**3
SPACE_TO_RUN = 200 * 1024**2
OWN_SERVERS = "Or set DATABASE_URL and REDIS_URL to servers you already have."


def check_python(version: tuple[int, ...] = sys.version_info[:2]) -> None:
    if version >= LOWEST_PYTHON:
        return
    newer = next((name for name in ("python3.13", "python3.12", "python3.11") if _answers(name)), None)
    remedy = (
        "Run: {} {}".format(newer, " ".join(sys.argv))
        if newer
        else "Install a newer one, on Debian 12 or later: apt-get install python3"
    )
    raise Problem(
        "Python {}.{} is too old: the portal needs Python {}.{} or newer.\n  {}".format(
            *version, *LOWEST_PYTHON, remedy
        )
    )


def _answers(name: str) -> bool:
    """A version manager may keep a name on PATH that only says it is not installed."""
    return (
        shutil.which(name) is not None and subprocess.call([name, "-c", ""], stderr=subprocess.DEVNULL) == 0
    )


def check_platform(
    system: str = sys.platform, machine: str = platform.machine(), libc: tuple[str, str] | None = None
) -> None:
    if _has_own_servers() and system.startswith("linux"):
        return
    name, version = libc or platform.libc_ver()
    fits = (
        system.startswith("linux")
        and machine in ("x86_64", "aarch64")
        and name == "glibc"
        and tuple(int(part) for part in version.split(".")[:2]) >= LOWEST_GLIBC
    )
    if not fits:
        raise Problem(
            "This machine is {} on {} with {} {}. The embedded database and broker run on Linux, x86_64 or\n"
            "  aarch64, with glibc 2.28 or newer (Debian 10, Ubuntu 20.04, RHEL 8 and later).\n"
            "  Use such a machine, or the docker-compose.yml of this project. {}".format(
                system, machine, name or "an unknown C library", version, OWN_SERVERS
            )
        )


def check_account(uid: int | None = None) -> None:
    number = os.getuid() if uid is None else uid
    try:
        pwd.getpwuid(number)
    except KeyError:
        if _has_own_servers():
            return
        raise Problem(
            f"The account with number {number} has no name (no line in /etc/passwd), and PostgreSQL refuses to\n"
            "  start for such an account. Run the command as a named account, or name it:\n"
            f"  echo 'portal:x:{number}:{os.getgid()}::/tmp:/bin/sh' >> /etc/passwd   (as root)\n"
            f"  {OWN_SERVERS}"
        ) from None


def _has_own_servers() -> bool:
    return bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def check_folder(folder: Path = LOCAL) -> None:
    """The folder can be written, runs programs, and has room for data."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        full = error.errno in (28, 122)  # ENOSPC, EDQUOT
        raise Problem(f"{ROOT} ({error.strerror}).\n  {DISK if full else READ_ONLY}") from None
    if os.statvfs(str(folder)).f_flag & os.ST_NOEXEC:
        raise Problem(f"{ROOT}\n  {NO_EXECUTION}")
    check_space(folder, SPACE_TO_RUN)


def check_space(folder: Path, least: int) -> None:
    free = shutil.disk_usage(str(folder)).free
    if free < least:
        raise Problem(f"Only {free // 1024**2} MB are free at {folder}.\n  {DISK}")
