"""Memory, start and tables: P13, P16."""

import subprocess
import sys
from pathlib import Path
from statistics import mean

import psycopg

from ips_portal.bench import pages
from ips_portal.bench.site import Bench, Portal
from ips_portal.bench.verdict import Result
from ips_portal.bootstrap.places import ROOT, Problem

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
    for deed in (pages.autosave, pages.review_list):
        deed(bench)
    heavy = _heavy(bench.large)
    broken = f"the web worker has loaded {heavy}" if heavy else ""
    ours, floor = (_worker(portal) for portal in (bench.large, bench.floor))
    return [
        Result(
            "P13",
            "PSS of a warm web worker",
            ours,
            floor,
            2.5,
            unit="MB",
            beside="bare Django",
            broken=broken,
        )
    ]


def _heavy(portal: Portal) -> str:
    """Of libraries that only workers of the queue may load, those a web process has after start."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env=dict(portal.env),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(done.stderr[-2000:])
    return done.stdout.strip()


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
    bare = f"bare Django {bench.floor_migrated_in:.1f} s"
    started = max(portal.started_in for portal in bench.sizes)
    return [
        Result("P16", f"migrate, {bare}", bench.migrated_in, MIGRATED_IN, 1, unit="s", beside="budget"),
        Result(
            "P16",
            f"start to first page, bare Django {bench.floor.started_in:.1f} s",
            started,
            FIRST_PAGE_IN,
            1,
            unit="s",
            beside="budget",
        ),
        Result("P16", "tables", float(row[0]) if row else 0, TABLES, 1, unit="", beside="smell limit"),
    ]
