"""Is this workbook one that may be opened? Looked at before any library for spreadsheets touches it.

A workbook is a zip of XML. What its directory says of sizes is not believed: every part is unpacked, and no further
than the cap. Source: trust reference, T16; bad-input catalogue E4, E6, E7.
"""

import re
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from ips_portal.uploads.sheets import COLUMNS, MEGABYTE, ROWS, Unreadable, column_name

UNPACKED = 50 * MEGABYTE
RATIO = 100
ENTRIES = 200
STRINGS = ROWS * 20  # texts in the workbook's own table of texts
TOO_MUCH = "The file expands to far more data than a report needs, so it was not opened."
DAMAGED = "The file is damaged or is no workbook, so it was not opened. Save it again as .xlsx."
MACROS = "Macros are not accepted. Save as .xlsx."
FOREIGN = (
    "The workbook has links to other files or objects embedded in it. "
    "Copy the table alone into a new workbook, by value, and upload that."
)
ZIP = b"PK\x03\x04"
ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
ADDRESS = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]+)(\d+)[\"']")
NUMBERED = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=[\"'](\d+)[\"']")
STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]+\d+)")
HIDDEN = re.compile(rb"<(?:\w+:)?row\s(?=[^>]*\bhidden=[\"'](?:1|true)[\"'])[^>]*?\br=[\"'](\d+)[\"']")


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts by name. Raises Unreadable."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
                raise Unreadable(TOO_MUCH)
            parts: dict[str, bytes] = {}
            left = min(UNPACKED, max(RATIO * len(content), MEGABYTE))
            for entry in entries:
                if entry.filename in parts:
                    raise Unreadable(DAMAGED)
                with archive.open(entry) as stream:
                    parts[entry.filename] = stream.read(left + 1)
                left -= len(parts[entry.filename])
                if left < 0:
                    raise Unreadable(TOO_MUCH)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as fault:
        if isinstance(fault, Unreadable):
            raise
        lies = isinstance(fault, BadZipFile) and ("CRC" in str(fault) or "Overlapped" in str(fault))
        raise Unreadable(TOO_MUCH if lies else DAMAGED) from fault
    for name, part in parts.items():
        look_at(name.lower(), part)
    if "[Content_Types].xml" not in parts or "xl/workbook.xml" not in parts:
        raise Unreadable(DAMAGED)
    return parts


def look_at(name: str, part: bytes) -> None:
    """What one part alone shows. Raises Unreadable."""
    if part.startswith(ZIP):
        raise Unreadable(TOO_MUCH)
    if name.endswith("vbaproject.bin") or (name == "[content_types].xml" and b"macroEnabled" in part):
        raise Unreadable(MACROS)
    if "externallinks/" in name or "embeddings/" in name:
        raise Unreadable(FOREIGN)
    if b"<!DOCTYPE" in (plain := part.replace(b"\x00", b"")) or b"<!ENTITY" in plain:
        raise Unreadable(DAMAGED)  # no spreadsheet program writes one; it is what entity bombs begin with
    if name.endswith("sharedstrings.xml") and len(STRING.findall(part)) > STRINGS:
        raise Unreadable(TOO_MUCH)
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        look_at_size(part)


def look_at_size(sheet: bytes) -> None:
    """Rows and columns that the sheet claims, counted without building them. Raises Unreadable."""
    counted = sum(1 for _ in ROW.finditer(sheet))
    claimed = max([counted, *(int(found[1][:9]) for found in NUMBERED.finditer(sheet))])
    if claimed > 2 * ROWS:
        raise Unreadable(f"The sheet claims {claimed:,} rows; delete the empty rows below your data.")
    if sum(1 for _ in CELL.finditer(sheet)) > (ROWS + 1) * COLUMNS:
        raise Unreadable(TOO_MUCH)
    last = column_name(COLUMNS - 1).encode()
    for found in ADDRESS.finditer(sheet):
        if (len(found[1]), found[1]) > (len(last), last):
            raise Unreadable(
                f"The sheet has a cell in column {found[1][:9].decode()}; the limit is {COLUMNS} columns. "
                "Delete what is beside your data."
            )
        if len(found[2]) > 7 or int(found[2]) > 2 * ROWS:
            raise Unreadable("The sheet has cells far below its data. Delete the empty rows there.")


def check_unmerged(sheet: bytes) -> None:
    if found := MERGED.search(sheet):
        raise Unreadable(f"Cell {found[1].decode()} is merged; unmerge and try again.")


def hidden_rows(sheet: bytes) -> frozenset[int]:
    return frozenset(int(found[1]) for found in HIDDEN.finditer(sheet))
