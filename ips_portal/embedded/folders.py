"""Folders that an account may enter, and that a socket's path fits into."""

import hashlib
import os
import stat
from pathlib import Path

from ips_portal.bootstrap.places import Problem
from ips_portal.embedded.children import Account

# The kernel's limit for a socket's path is 107 bytes; the longest name in it is ".s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


def short_name(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def socket_folder(wanted: Path, account: Account | None = None) -> Path:
    """`wanted`, or a short private folder in /tmp where its path is too long for a socket."""
    long = len(os.fsencode(wanted)) > LONGEST_SOCKET_FOLDER
    folder = Path(f"/tmp/ips-{short_name(wanted)}") if long else wanted  # noqa: S108  (its owner is checked)
    return private_folder(folder, account)


def private_folder(folder: Path, account: Account | None = None) -> Path:
    """A folder only the account can enter; somebody else's folder of that name is refused."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    owner = account.uid if account else os.getuid()
    try:
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.getuid()):
            raise Problem(f"{folder} belongs to somebody else. Remove it, then run this again.") from None
        if account and found.st_uid != owner:
            os.chown(folder, account.uid, account.gid)
        folder.chmod(0o700)
    return folder


def may_enter(folder: Path, account: Account) -> bool:
    """Whether the account can reach the folder through every folder above it."""
    for step in (folder, *folder.parents):
        if not step.exists():
            continue
        found = step.stat()
        if found.st_uid == account.uid:
            allowed = found.st_mode & stat.S_IXUSR
        elif found.st_gid == account.gid:
            allowed = found.st_mode & stat.S_IXGRP
        else:
            allowed = found.st_mode & stat.S_IXOTH
        if not allowed:
            return False
    return True
