"""A funding plan of 60 services by 12 payers, every cell filled in over HTTP as its keepers would: P3's budgets."""

from ips_portal.bench.agreeing import KILOBYTES
from ips_portal.bench.pages import at_both_sizes, counted, measured
from ips_portal.bench.site import STATE, Bench, Portal
from ips_portal.bench.timing import Caller
from ips_portal.bench.verdict import Result
from ips_portal.practice.visitor import Visitor, expect, forms_of, sign_in

SERVICES, PAYERS = 60, 12
PLANS = f"/{STATE}/funding/"
REGION = "Region of the bench"


def plan(bench: Bench) -> list[Result]:
    """It was read before."""
    filled = [_filled_in(bench, portal) for portal in bench.sizes]
    small, large = (caller.reading(path) for caller, path in filled)
    took = measured(bench, {"small": small, "large": large})
    queries = counted(bench, (small, large))
    size = max(len(caller.send("GET", path).body) for caller, path in filled)
    return [
        at_both_sizes(
            "P3",
            "funding plan, 60 services by 12",
            took,
            took.p50("page"),
            4,
            "FP",
            queries=queries,
            budget=12,
        ),
        Result("P3", "its HTML", size / 1024, KILOBYTES, 1, unit="KB", beside="most allowed"),
    ]


def _filled_in(bench: Bench, portal: Portal) -> tuple[Caller, str]:
    """The state's admin, and the address of the plan."""
    admin = portal.member("SA")
    person = sign_in(f"http://localhost:{portal.port}", {"email": admin, "password": bench.password})
    layout = expect(person.fill(f"{PLANS}new/", {"region": REGION}), 200).path
    path = layout.removesuffix("layout/")
    services = len(person.get(layout).links(r"/services/\d+/"))
    for number in range(services, SERVICES):
        expect(person.fill(f"{path}services/new/", {"name": f"Service number {number}"}), 200)
    for number in range(PAYERS):
        source = {"name": f"Source {number}", "payer": ("vr", "medicaid", "state", "other")[number % 4]}
        expect(person.fill(f"{path}payers/new/", source), 200)
    for column in person.get(path).links(rf"{path}columns/\d+/"):
        _pays(person, column)
    return bench.caller(portal, admin), path


def _pays(person: Visitor, column: str) -> None:
    page = person.get(column)
    form = next(form for form in forms_of(page) if any(name.endswith("-status") for name in form.fields))
    rows = {name.partition("-")[0] for name in form.fields if name.endswith("-status")}
    typed = {f"{row}-status": "pays" for row in rows} | {f"{row}-method": "hourly" for row in rows}
    expect(person.send(page, form, typed), 200, "Saved")
