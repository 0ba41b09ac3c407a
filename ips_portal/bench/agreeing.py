"""Two reviewers side by side: P3. Two trainers schedule a review, rate it apart and finish, over HTTP as they would."""

from datetime import UTC, datetime, timedelta

import psycopg

from ips_portal.bench.pages import LIST, at_both_sizes, counted, measured
from ips_portal.bench.site import STATE, Bench, Portal
from ips_portal.bench.timing import Caller
from ips_portal.bench.verdict import Result
from ips_portal.bootstrap.places import Problem
from ips_portal.practice.visitor import Visitor, expect, form_of, forms_of, sign_in

KILOBYTES = 120
DAYS_AGO = timedelta(days=10)  # rating is finished once the visit has begun
TRAINERS = """SELECT m.id, p.email FROM agencies_membership m JOIN agencies_person p ON p.id = m.person_id
    JOIN agencies_state s ON s.id = m.state_id
    WHERE s.slug = %s AND m.role = 'ST' AND m.ended_on IS NULL ORDER BY m.id LIMIT 2"""


def consensus(bench: Bench) -> list[Result]:
    """With the last review and the anchors; every third item is rated differently. It was read before."""
    callers, paths = [], []
    for portal in bench.sizes:
        caller, path = _rated_apart(bench, portal)
        callers.append(caller)
        paths.append(path)
    small, large = (caller.reading(path) for caller, path in zip(callers, paths, strict=True))
    took = measured(bench, {"small": small, "large": large})
    queries = counted(bench, (small, large))
    size = max(len(caller.send("GET", path).body) for caller, path in zip(callers, paths, strict=True))
    return [
        at_both_sizes(
            "P3", "consensus of two reviewers", took, took.p50("page"), 4, "FP", queries=queries, budget=12
        ),
        Result("P3", "its HTML", size / 1024, KILOBYTES, 1, unit="KB", beside="most allowed"),
    ]


def _rated_apart(bench: Bench, portal: Portal) -> tuple[Caller, str]:
    """The lead reviewer, and the address of what is to be agreed on."""
    with psycopg.connect(portal.owner) as connection:
        found = connection.execute(TRAINERS, [STATE]).fetchall()
    if len(found) < 2:
        raise Problem("The state of the bench has no two trainers.")
    (first, lead), (second, other) = found
    base = f"http://localhost:{portal.port}"
    people = [sign_in(base, {"email": email, "password": bench.password}) for email in (lead, other)]
    review = _scheduled(people[0], str(first), str(second))
    for number, person in enumerate(people):
        _rate(person, review, number)
    return bench.caller(portal, lead), f"{review}consensus/"


def _scheduled(person: Visitor, lead: str, other: str) -> str:
    new, day = f"{LIST}new/", datetime.now(UTC).date() - DAYS_AGO
    teams = next(form.choices["team"] for form in forms_of(person.get(new)) if "team" in form.fields)
    days = {"starts_on": f"{day:%m/%d/%Y}", "ends_on": f"{day + timedelta(days=1):%m/%d/%Y}"}
    for team in filter(None, teams):
        page = person.get(f"{new}?team={team}&kind=external")
        form = form_of(page)
        if {lead, other} <= form.choices["others"].keys():
            done = person.send(page, form, {**days, "lead": lead, "others": [other]})
            if done.status == 200:
                return done.path
    raise Problem("No team of the bench is free for a review.")


def _rate(person: Visitor, review: str, number: int) -> None:
    page = expect(person.get(f"{review}rate/"), 200)
    form = form_of(page)
    typed = {}
    for place, name in enumerate(name for name in form.fields if name.startswith("score-")):
        typed[name] = str(4 - (number if place % 3 == 0 else 0))
        typed[name.replace("score-", "note-")] = f"Seen in ten records by reviewer {number + 1}."
    expect(person.send(page, form, typed), 200, "Saved")
    expect(person.fill(f"{review}check/", {}), 200, "ratings are locked")
