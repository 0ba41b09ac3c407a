"""A CSV file as rows of text. Strict: a quote that is never closed is said, never guessed at."""

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from io import StringIO

from ips_portal.uploads.sheets import ROWS, Row, Sheet, Unreadable, checked, row_of

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
CELL = 10_000  # characters; a note of 5,000 must come through, to be told its limit
GUESSED = (
    "The file is not UTF-8; it was read as Windows-1252. Look whether names with accents are right. "
    "“CSV UTF-8” needs no guess."
)


def read(content: bytes) -> Sheet:
    """Raises Unreadable."""
    text, notices = decoded(content)
    if "\x00" in text:
        raise Unreadable("This is no text file. Save the table as “CSV UTF-8” or as .xlsx.")
    separator = separator_of(text)
    if separator != ",":
        notices.append(f"The columns were separated by {SEPARATORS[separator]}.")
    return Sheet(checked(rows_of(text, separator)), tuple(notices))


def decoded(content: bytes) -> tuple[str, list[str]]:
    try:
        if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            return content.decode("utf-16"), []
        if content.startswith(BOM_UTF8):
            return content.decode("utf-8-sig"), []
        return content.decode("utf-8"), []
    except UnicodeDecodeError as fault:
        text = None if content.startswith((BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)) else windows(content)
        if text is None:
            row = content[: fault.start].count(b"\n") + 1
            raise Unreadable(
                f"Row {row} has characters that cannot be read. Save the file as “CSV UTF-8”."
            ) from fault
        return text, [GUESSED]


def windows(content: bytes) -> str | None:
    """None where it is no Windows-1252 either: it has holes, and letters of UTF-8 in it mean two mixed encodings."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if any(pair in text for pair in ("Ã©", "Ã¨", "Ã±", "â€", "Ã¼", "Ã¶")) else text


def separator_of(text: str) -> str:
    """The one that the headings are parted by. One column alone is no table."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    found = max(SEPARATORS, key=first.count)
    if first and not first.count(found):
        raise Unreadable("One column found. Is the separator a comma?")
    return found


def rows_of(text: str, separator: str) -> list[Row]:
    csv.field_size_limit(CELL)
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    before = 0
    try:
        for cells in lines:
            row = row_of(before + 1, cells)
            before = lines.line_num
            if row:
                rows.append(row)
            if len(rows) > ROWS + 1:
                break
    except csv.Error as fault:
        raise Unreadable(
            f"Row {before + 1} cannot be read: a quotation mark is not closed, or a cell has more than "
            f"{CELL:,} characters."
        ) from fault
    return rows
