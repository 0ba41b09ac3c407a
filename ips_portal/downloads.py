"""A table as the file that was asked for."""

from django.http import HttpResponse

from ips_portal.spreadsheets import Table, as_csv, as_xlsx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(table: Table, file: str, name: str) -> HttpResponse:
    """`file` is csv or xlsx, and the ending of the name."""
    called = f"{name}.{file}"
    return csv_file(table, called) if file == "csv" else attached(as_xlsx(table), XLSX, called)


def csv_file(table: Table, name: str) -> HttpResponse:
    return attached(as_csv(table), "text/csv; charset=utf-8", name)


def attached(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
