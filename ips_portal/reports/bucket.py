"""The same files in an S3-compatible bucket: private, named by what they hold. Its troubles are told as a disk's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

# Checksums that Amazon alone asks for are sent to nobody else; a bucket that hangs holds nobody up for long.
PATIENCE = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"max_attempts": 2},
    s3={"addressing_style": "path"},
    signature_version="s3v4",
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
GONE = {"404", "NoSuchKey", "NotFound"}


@contextmanager
def as_of_a_disk() -> Iterator[None]:
    """Whoever keeps or fetches a file knows the errors of a disk."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        raise (FileNotFoundError if code in GONE else OSError)(f"the bucket said {code}") from error
    except BotoCoreError as error:
        raise OSError(f"the bucket did not answer: {type(error).__name__}") from error


class PrivateBucket(S3Storage):  # type: ignore[misc]  # django-storages is not annotated
    """An object is there whole, or not at all: S3 shows it only when every byte has arrived."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(client_config=PATIENCE, file_overwrite=True, querystring_auth=True, **settings)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # the name says what the file holds, so a second file of that name is the same file

    def exists(self, name: str) -> bool:
        with as_of_a_disk():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with as_of_a_disk():
            return int(super().size(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with as_of_a_disk():
            folders, names = super().listdir(path)
        return list(folders), list(names)

    def _save(self, name: str, content: "File[bytes] | IO[bytes]") -> str:
        with as_of_a_disk():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> Any:
        with as_of_a_disk():
            file = super()._open(name, mode)
            file.file  # noqa: B018  (fetched here, so that its troubles are told here)
        return file
