"""The program that reads a file: bytes in, JSON out, nothing else open to it.

Started by `apart`, as `python -m ips_portal.uploads.child`, without the portal's environment. Once everything is loaded
it can open no file and no connection any more, start no process, and take no more memory or time than one file needs.
Source: trust reference, B6.
"""

import json
import resource
import sys
from codecs import lookup
from collections.abc import Callable
from importlib import import_module

from ips_portal.uploads import delimited
from ips_portal.uploads.sheets import FILE_BYTES, MEGABYTE, Row, Sheet, Unreadable

MEMORY = 600 * MEGABYTE  # of addresses; what is really held stays far below
SECONDS = 15  # of the processor; by the clock the parent ends it
STREAMS = 3  # in, out, errors: no further file or socket can be opened
ZIP, OLD_EXCEL, PDF = b"PK", b"\xd0\xcf\x11\xe0", b"%PDF"
WORKBOOKS = "ips_portal.uploads.workbooks"  # by name: it loads openpyxl
NOT_USED = ("numpy", "PIL")  # openpyxl would load them, and reads a table without


def main() -> None:
    content = sys.stdin.buffer.read(FILE_BYTES + 1)
    read = prepared(content)
    confine()
    said: dict[str, object]
    try:
        said = told(sheet_of(content, read))
    except Unreadable as fault:
        said = {"problem": str(fault)}
    except MemoryError:
        said = {"problem": "Reading the file needed more memory than one file may use. Split it."}
    sys.stdout.write(json.dumps(said))


def prepared(content: bytes) -> Callable[[bytes], Sheet]:
    """What reads it, with everything loaded that it will need, while files can still be opened.

    A CSV does not wait for openpyxl.
    """
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp437"):
        lookup(encoding)
    if not content.startswith(ZIP):
        return delimited.read
    sys.modules.update(dict.fromkeys(NOT_USED))  # type: ignore[arg-type]  # None: there is none
    workbooks = import_module(WORKBOOKS)
    workbooks.rehearse()
    read: Callable[[bytes], Sheet] = workbooks.read
    return read


def confine() -> None:
    for which, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_NOFILE, STREAMS),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (wanted, wanted))


def sheet_of(content: bytes, read: Callable[[bytes], Sheet]) -> Sheet:
    """What the file is, its bytes say, and not its name. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("The file has no data rows.")
    if content.startswith(OLD_EXCEL):
        raise Unreadable("This is an old or a protected Excel file. Save it as .xlsx without a password.")
    if content.startswith(PDF):
        raise Unreadable("This is a PDF. Upload the table as .xlsx or CSV.")
    return read(content)


def told(sheet: Sheet) -> dict[str, object]:
    return {"rows": listed(sheet.rows), "notices": sheet.notices, "hidden": listed(sheet.hidden)}


def listed(rows: tuple[Row, ...]) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in rows]


if __name__ == "__main__":
    main()
