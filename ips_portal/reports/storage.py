"""Private files named by what they hold. A file is there whole, or not at all."""

import os
import tempfile
from contextlib import suppress
from errno import EDQUOT, EFBIG, ENOSPC
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

FULL = (ENOSPC, EDQUOT, EFBIG)


class StorageTrouble(Exception):
    """The bytes could not be kept; the text says why and what to do."""


class WholeFileStorage(FileSystemStorage):
    """Writes beside the place and renames, so that neither a full disk nor a lost process leaves half a file."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # the name says what the file holds, so a second file of that name is the same file

    def _save(self, name: str, content: "File[bytes] | IO[bytes]") -> str:
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=place.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content.read())
                file.flush()
                os.fsync(file.fileno())
            os.replace(scratch, place)
        except BaseException:
            with suppress(OSError):
                os.unlink(scratch)
            raise
        _settle(place.parent)
        return name


def _settle(folder: Path) -> None:
    """The name of a new file outlives a power cut only when its folder is written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def keep(path: str, content: bytes) -> None:
    """Raises StorageTrouble."""
    try:
        if not (default_storage.exists(path) and default_storage.size(path) == len(content)):
            default_storage.save(path, ContentFile(content))
    except OSError as error:
        if error.errno in FULL:
            raise StorageTrouble(
                "The portal's file storage is full, so the file could not be kept."
            ) from error
        raise StorageTrouble("The portal could not write to its file storage.") from error


def fetch(path: str) -> bytes | None:
    """The bytes, or None when they are gone."""
    try:
        with default_storage.open(path) as file:
            return bytes(file.read())
    except OSError:
        return None


def is_kept(path: str) -> bool:
    try:
        return bool(default_storage.exists(path))
    except OSError:  # a bucket that is away: what cannot be had is made again
        return False
