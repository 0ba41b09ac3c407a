"""The practice mailbox: mail that was written to files instead of being sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

NAME = re.compile(r"\d{8}-\d{6}-\d+\.log")  # as Django's file backend names them
BETWEEN = b"\n" + b"-" * 79 + b"\n"
SHOWN = 200


@dataclass(frozen=True)
class Mail:
    """One caught mail. `name` is the name of its file."""

    name: str
    to: str
    subject: str
    sent_at: datetime
    text: str


def mails(folder: Path) -> list[Mail]:
    """Newest first."""
    found = [mail for name in newest(folder) for mail in read(folder, name)]
    return sorted(found, key=lambda mail: (mail.sent_at, mail.name), reverse=True)


def newest(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    files = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
    return sorted((path.name for path in files if NAME.fullmatch(path.name)), reverse=True)[:SHOWN]


def find(folder: Path, name: str) -> Mail | None:
    """Only a name that stands in the folder is opened, so no name leads out of it."""
    return next(read(folder, name), None) if name in newest(folder) else None


def read(folder: Path, name: str) -> Iterator[Mail]:
    for part in (folder / name).read_bytes().split(BETWEEN):
        if part.strip():
            yield _mail(name, message_from_bytes(part, policy=policy.default))


def _mail(name: str, message: EmailMessage) -> Mail:
    body = message.get_body(("plain",))
    return Mail(
        name=name,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=parsedate_to_datetime(message["Date"]) if message["Date"] else datetime.now(UTC),
        text=str(body.get_content()) if body else "",
    )
