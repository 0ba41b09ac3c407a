"""Memory, start and tables: P13, P16."""

from pathlib import Path
from statistics import mean

import psycopg

from ips_portal.bench import pages
from ips_portal.bench.site import Bench, Portal, python
from ips_portal.bench.verdict import Result

HEAVY = ("weasyprint", "matplotlib", "pandas", "openpyxl", "pikepdf")
LOADED = f"""
import ips_portal.wsgi, sys
from django.urls import get_resolver
get_resolver().url_patterns
print(*[name for name in {HEAVY!r} if name in sys.modules])
"""
MIGRATED_IN = 17.0  # seconds on the machine of the reference, a fifteenth of the peer's
FIRST_PAGE_IN = 3.2  # the peer's
TABLES = 60


def memory(bench: Bench) -> list[Result]:
    """A worker that has answered each of the pages, beside one of the bare Django's."""
    pages.autosave(bench)
    pages.review_list(bench)
    heavy = python("-c", LOADED, env=bench.large.env)  # what only workers of the queue may load
    broken = f"the web worker has loaded {heavy}" if heavy else ""
    ours, floor = _worker(bench.large), _worker(bench.floor)
    what = "PSS of a warm web worker"
    return [Result("P13", what, ours, floor, 2.5, unit="MB", beside="bare Django", broken=broken)]


def _worker(portal: Portal) -> float:
    children = Path(f"/proc/{portal.web.pid}/task/{portal.web.pid}/children").read_text().split()
    return mean(_pss(int(child)) for child in children)


def _pss(process: int) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def start(bench: Bench) -> list[Result]:
    """Budgets in seconds, because a bare Django has hardly a table: its figure stands in the text."""
    with psycopg.connect(bench.small.owner) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    tables = float(row[0]) if row else 0
    started = max(portal.started_in for portal in bench.sizes)
    migrating = f"migrate, bare Django {bench.floor_migrated_in:.1f} s"
    starting = f"start to first page, bare Django {bench.floor.started_in:.1f} s"
    return [
        Result("P16", migrating, bench.migrated_in, MIGRATED_IN, 1, unit="s", beside="budget"),
        Result("P16", starting, started, FIRST_PAGE_IN, 1, unit="s", beside="budget"),
        Result("P16", "tables", tables, TABLES, 1, unit="", beside="smell limit"),
    ]
