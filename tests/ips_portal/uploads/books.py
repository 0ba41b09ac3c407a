"""Workbooks as people save them."""

from io import BytesIO

from openpyxl import Workbook

READ = (("Team", "Quarter", "People served"), ("North", "2026 Q3", "40"))


def workbook(*rows: tuple[object, ...], title: str = "Sheet") -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
