"""What a back-up is on disk: a folder of its own for each, beside one folder of files that all of them share.

BACKUPS/files/<state>/<ab>/<sha256>            each file once, under the hash of what it holds
BACKUPS/<when>/database.dump, backup.json      one snapshot, and what it held
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path

from django.core.files.storage import default_storage

from ips_portal.bootstrap.places import Problem
from ips_portal.reports import storage
from ips_portal.safekeeping.census import Census

DUMP, ABOUT, FILES = "database.dump", "backup.json", "files"
HASH = re.compile(r"[0-9a-f]{64}")  # every name in the portal's storage says what its file holds


@dataclass(frozen=True)
class Backup:
    """What a back-up says about itself."""

    made_at: str
    server: int
    owner: str
    app: str
    dump_sha256: str
    census: Census
    files: list[str]

    def write(self, folder: Path) -> None:
        (folder / ABOUT).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def read(folder: Path) -> Backup:
    """Raises Problem where it is not whole."""
    try:
        backup = Backup(**json.loads((folder / ABOUT).read_text(encoding="utf-8")))
        dump = sha256(folder / DUMP)
    except (OSError, ValueError, TypeError) as error:
        raise Problem(f"{folder} is not a whole back-up: {error}") from None
    if dump != backup.dump_sha256:
        raise Problem(f"{folder / DUMP} is not the file that was backed up: its hash is another one.")
    return backup


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def hash_in(name: str) -> str:
    found = HASH.search(name)
    return found[0] if found else ""


def stored(folder: str = "") -> Iterator[str]:
    """The name of every file the portal keeps, on disk or in a bucket."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in names if HASH.search(name))
    for below in folders:
        yield from stored(f"{folder}{below}/")


def copy_out(names: list[str], into: Path) -> list[str]:
    """Copies what is not there yet. What is damaged or gone is told, and not copied."""
    damaged = []
    for name in names:
        copy = into / name
        if copy.exists():
            continue
        content = storage.fetch(name)
        if content is None or storage.digest(content) != hash_in(name):
            damaged.append(name)
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        scratch = copy.with_name(f".new-{os.getpid()}")
        scratch.write_bytes(content)
        scratch.rename(copy)
    return damaged


def damaged_copies(names: list[str], kept: Path) -> list[str]:
    return [name for name in names if not (kept / name).is_file() or sha256(kept / name) != hash_in(name)]


def copy_in(names: list[str], kept: Path) -> None:
    for name in names:
        storage.keep(name, (kept / name).read_bytes())
