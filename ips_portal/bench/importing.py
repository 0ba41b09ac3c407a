"""Files of a large agency imported, all rules asked: one quarter, or quarters from long ago; a process of its own."""

import gc
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from uuid import uuid4

import psycopg
from django.db import transaction
from django.db.models import Min

from agencies import tenancy
from agencies.models import Membership, State
from agencies.permissions import Actor, Role
from ips_portal.bench.floor.importing import copied, put_in
from ips_portal.bench.site import CROWDED
from ips_portal.loaded import settle
from ips_portal.practice.nation.saving import save_drafts, save_reports
from ips_portal.quarters import Quarter
from ips_portal.uploads.sheets import ROWS
from outcomes.actions import importing
from outcomes.dashboards.importing import preview_now
from outcomes.models import QuarterlyReport

HEADINGS: tuple[str, ...] = ("People served", "People working", "Job starts", "People in school")
HEADINGS += ("People in school or vocational training", "Left while working", "Left while not working")
HEADINGS += ("Specialists (full-time equivalents)",)
TYPED: tuple[str, ...] = (
    "served",
    "employed",
    "job_starts",
    "in_school",
    "in_education",
    "transitioned_working",
)
TYPED += ("transitioned_unemployed", "specialist_fte")

OF_HISTORY = 1000  # teams in a file of history
SAVED = 15  # rows of the loop: quarters there are before the first report


@dataclass(frozen=True)
class Scene:
    state: State
    supervisor: Actor
    quarter: Quarter  # that is imported; of a history the first that stands in the portal
    content: bytes


def main() -> None:
    scene = set_scene()
    settle()  # as the web server does before its workers begin
    found = history(scene) if os.environ["WHAT"] == "history" else quarter(scene)
    print(json.dumps(found))


def quarter(scene: Scene) -> dict[str, float]:
    """One quarter of all teams, in milliseconds, by turns with the floor; and in MB what it takes of memory."""
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    grown = memory(scene)  # before anything else makes the process large
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as owner:
        for _ in range(int(os.environ["ROUNDS"])):
            times["ours"].append(taken(scene))
            times["floor"].append(floor(owner, scene))
    found = {name: median(took) for name, took in times.items()}
    return {**found, "file": len(scene.content) / 2**20, "memory": grown}


def history(scene: Scene) -> dict[str, float]:
    """As many quarters from before the portal as a file may hold, in rows a second."""
    rates: dict[str, list[float]] = {"ours": [], "copy": [], "save": []}
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as owner:
        for _ in range(int(os.environ["ROUNDS"])):
            rates["ours"].append(ROWS / taken(scene) * 1000)
            rates["copy"].append(copied(owner, ROWS))
            owner.rollback()
            rates["save"].append(saved(scene))
    return {name: median(found) for name, found in rates.items()}


def set_scene() -> Scene:
    state = State.objects.get(slug=CROWDED)
    with tenancy.as_system(state.pk):
        seats = Membership.objects.filter(state=state, role=Role.SUPERVISOR, ended_on=None)
        actor = tenancy.actor_of(seats.order_by("pk")[0])
        rows = QuarterlyReport.objects.in_state(state.pk).filter(team__slug__startswith="crowd-").order_by()
        names = list(rows.order_by("team_id").values_list("team__name", flat=True).distinct())
        if os.environ["WHAT"] == "history":
            first = rows.aggregate(first=Min("quarter"))["first"]
            years = [first - back for back in range(1, 1 + ROWS // OF_HISTORY)]
            return Scene(state, actor, first, file_of(names[:OF_HISTORY], years))
        quarter = Quarter.last_ended(state.today())
        return Scene(state, actor, quarter, file_of(names, [quarter]))


def file_of(names: Sequence[str], quarters: Sequence[Quarter]) -> bytes:
    """Figures that are a little off those before, so that the rules have something to look at."""
    lines = [",".join(("Team", "Quarter", *HEADINGS))]
    for quarter in quarters:
        for number, name in enumerate(names):
            figures = drawn(30 + number % 40, number)
            lines.append(",".join((name, str(quarter), *(f"{figures[key]}" for key in TYPED))))
    return "\r\n".join(lines).encode()


def drawn(served: int, luck: int) -> dict[str, object]:
    return {
        "served": served,
        "employed": served * (38 + luck % 9) // 100,
        "job_starts": served // 5,
        "in_school": served // 20,
        "in_education": served // 9,
        "transitioned_working": served // 16,
        "transitioned_unemployed": served // 22,
        "specialist_fte": round(Decimal(served) / 15, 2),
    }


def whole_way(scene: Scene) -> None:
    """As the three requests of a person do it."""
    found = importing.upload(scene.state, content=scene.content, file_name="quarter.csv", by=scene.supervisor)
    preview_now(found, scene.state, scene.supervisor)
    importing.commit(found, scene.state, choice="good", key=uuid4(), by=scene.supervisor)
    if len(found.saved) < scene.content.count(b"\n"):
        raise RuntimeError(f"{len(found.saved)} rows were saved; {found.left_out[:3]}")


def taken(scene: Scene) -> float:
    """In milliseconds; what it changed is taken back."""
    with tenancy.entered(scene.supervisor):
        started = time.perf_counter()
        whole_way(scene)
        took = (time.perf_counter() - started) * 1000
        transaction.set_rollback(True)
    return took


def floor(owner: psycopg.Connection, scene: Scene) -> float:
    given = {"state": scene.state.pk, "quarter": scene.quarter.starts_on}
    started = time.perf_counter()
    put_in(owner, scene.content, given)
    took = (time.perf_counter() - started) * 1000
    owner.rollback()
    return took


def memory(scene: Scene) -> float:
    """The most that the process grew by for the file, in MB; what was free before is not counted."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = in_memory("VmRSS")
    taken(scene)
    return in_memory("VmHWM") - before


def in_memory(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def saved(scene: Scene) -> float:
    """How many rows a second a loop of `save()` puts in: a report and its figures, without asking any rule."""
    with tenancy.entered(scene.supervisor):
        rows = QuarterlyReport.objects.in_state(scene.state.pk).filter(team__slug__startswith="crowd-")
        first = rows.select_related("team", "state").filter(quarter=scene.quarter)[0]
        started = time.perf_counter()
        with tenancy.as_system(scene.state.pk):
            reports = save_reports(first, SAVED)
        save_drafts(reports, [drawn(40, back) for back in range(SAVED)])
        took = time.perf_counter() - started
        transaction.set_rollback(True)
    return SAVED / took
