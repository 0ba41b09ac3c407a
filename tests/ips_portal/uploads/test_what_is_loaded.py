"""A reader loads what its file needs: openpyxl for a workbook, and nothing of what openpyxl would take along."""

import subprocess
import sys

import pytest

from tests.ips_portal.uploads.books import READ, saved, workbook

PREPARED = (
    "import sys; from ips_portal.uploads import child; child.prepared(sys.stdin.buffer.read());"
    "print(*(name for name in ('openpyxl', 'numpy', 'PIL') if sys.modules.get(name)))"
)


@pytest.mark.parametrize(
    ("content", "loaded"),
    [(b"Team,Quarter\n", []), (saved(workbook(*READ)), ["openpyxl"])],
    ids=["csv", "xlsx"],
)
def test_nobody_waits_for_what_the_file_does_not_need(content: bytes, loaded: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", PREPARED], input=content, capture_output=True, check=True)
    assert done.stdout.decode().split() == loaded
