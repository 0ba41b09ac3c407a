"""Has a file read in a process of its own, which may hang, eat memory or crash and takes nothing else with it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ips_portal.uploads.sheets import FILE_BYTES, MEGABYTE, ROWS, Row, Sheet, Unreadable

PROGRAM = "ips_portal.uploads.child"  # by name, so that what it loads is never loaded here
HOUSE = Path(__file__).parent.parent.parent
SECONDS = 20.0
GAVE_UP = (
    "The file could not be read. Nothing was imported. Save it again as .xlsx or “CSV UTF-8”, then try again."
)
TOO_LONG = "Reading the file took too long and was stopped. Nothing was imported. Split it, then try again."


def read(content: bytes, rows: int = ROWS) -> Sheet:
    """`rows` are as many as are taken of it. Raises Unreadable, whatever the file does to its reader."""
    check_size(len(content), rows)
    try:
        done = subprocess.run(  # noqa: S603 our own program, and no word of the file on its line
            [sys.executable, "-s", "-m", PROGRAM],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            cwd=HOUSE,
            env={"PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise Unreadable(TOO_LONG) from fault
    if done.returncode != 0:
        raise Unreadable(GAVE_UP)
    return understood(done.stdout)


def check_size(size: int, rows: int = ROWS) -> None:
    """Asked of the size alone, before anything is read. `rows` are as many as are taken. Raises Unreadable."""
    if size > FILE_BYTES:
        raise Unreadable(
            f"The file is {size / MEGABYTE:.1f} MB; the limit is {FILE_BYTES // MEGABYTE} MB ({rows:,} rows)."
        )


def understood(said: bytes) -> Sheet:
    try:
        found = json.loads(said)
        problem = found.get("problem")
        if problem is None:
            return Sheet(rows_of(found["rows"]), tuple(map(str, found["notices"])), rows_of(found["hidden"]))
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise Unreadable(GAVE_UP) from fault
    raise Unreadable(str(problem))


def rows_of(found: list[Any]) -> tuple[Row, ...]:
    return tuple(Row(int(number), tuple(map(str, cells))) for number, cells in found)
