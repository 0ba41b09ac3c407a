"""Files made to hurt whoever opens them: each is answered at once, and the web process stays as it was. Source: T16."""

import resource
import struct
import time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from ips_portal.uploads import apart
from ips_portal.uploads.packing import DAMAGED, TOO_MUCH
from ips_portal.uploads.sheets import FILE_BYTES, Unreadable
from tests.ips_portal.uploads.books import READ, saved, workbook

SECONDS = 2.0
GROWTH = 100 * 1024  # KB
SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def with_part(name: str, part: bytes, more: int = 0) -> bytes:
    """An ordinary workbook in which one part is another, and `more` entries that hold nothing."""
    out = BytesIO()
    with ZipFile(BytesIO(saved(workbook(*READ)))) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if entry.filename != name:
                target.writestr(entry.filename, source.read(entry))
        target.writestr(name, part)
        for number in range(more):
            target.writestr(f"xl/{number}.xml", b"")
    return out.getvalue()


def with_sheet(rows: bytes) -> bytes:
    return with_part(SHEET, HEAD + rows + TAIL)


def lying(content: bytes, size: int) -> bytes:
    """The directory, and the part's own header, say that the sheet is small."""
    told = bytearray(content)
    for mark, name_at, size_at in ((b"PK\x01\x02", 46, 24), (b"PK\x03\x04", 30, 22)):
        start = told.find(mark)
        while start >= 0:
            if told[start + name_at :].startswith(SHEET.encode()):
                told[start + size_at : start + size_at + 4] = struct.pack("<I", size)
            start = told.find(mark, start + 4)
    return bytes(told)


def zipped(content: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", content)
    return out.getvalue()


ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    + HEAD
    + b'<row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row>'
    + TAIL
)
OUTSIDE = ENTITY.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/hostname">')
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'
BOMBS = {
    "74 MB of spaces": (with_sheet(b" " * 74_000_000), TOO_MUCH),
    "over 100 to 1": (with_sheet(b" " * 40_000_000), TOO_MUCH),
    "a directory that lies": (lying(with_sheet(b" " * 74_000_000), 900), TOO_MUCH),
    "a zip in the zip": (with_part("xl/media/a.zip", zipped(b"0" * 1_000_000)), TOO_MUCH),
    "a zip of a zip": (zipped(zipped(b"0" * 1_000_000)), TOO_MUCH),
    "10,000 entries": (with_part("a", b"", 10_000), TOO_MUCH),
    "an entity": (with_part(SHEET, ENTITY), DAMAGED),
    "an entity in UTF-16": (with_part(SHEET, ENTITY.decode().encode("utf-16")), DAMAGED),
    "a file from outside": (with_part(SHEET, OUTSIDE), DAMAGED),
    "1,048,576 rows": (
        with_sheet(b"".join(b'<row r="%d"/><row/><row/><row/>' % row for row in range(1, 1_048_577, 4))),
        None,
    ),
    "one row numbered 1,048,576": (
        with_sheet(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "The sheet claims 1,048,576 rows; delete the empty rows below your data.",
    ),
    "16,384 columns": (
        with_sheet(b'<row r="1"><c r="XFD1"><v>1</v></c></row>'),
        "The sheet has a cell in column XFD; the limit is 60 columns. Delete what is beside your data.",
    ),
    "columns without addresses": (with_sheet(b'<row r="1">' + b"<c><v>1</v></c>" * 16_384 + b"</row>"), None),
    "a flood of texts": (
        with_part("xl/sharedStrings.xml", STRINGS % (b"<si><t>a</t></si>" * 900_000)),
        TOO_MUCH,
    ),
    "deep nesting": (with_part(SHEET, b"<a>" * 300_000 + b"</a>" * 300_000), None),
    "macros": (with_part("xl/vbaProject.bin", b"x"), "Macros are not accepted. Save as .xlsx."),
    "links to other files": (with_part("xl/externalLinks/externalLink1.xml", b"<a/>"), None),
}


@pytest.mark.parametrize("name", BOMBS)
def test_each_bomb_is_rejected_at_once(name: str) -> None:
    content, told = BOMBS[name]
    assert len(content) <= FILE_BYTES
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        apart.read(content)
    assert time.monotonic() - begun < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < GROWTH
    assert told in (None, str(refused.value))
