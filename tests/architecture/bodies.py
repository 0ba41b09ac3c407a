"""A body that each writing address of the API takes, and what of a shape may not be sent instead.

The gate of the API fails on an endpoint that is not here, so a new one says what a good request looks like.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from rest_framework import serializers

from agencies import tenancy
from agencies.api.shapes import Slug
from agencies.models import Agency, Membership, Team
from agencies.seen import mark
from fidelity.actions import policies
from ips_portal.api import fields
from outcomes.actions.entering import draft_of
from outcomes.models import TALLIED
from tests.architecture import bank, billing, corrections, funding, pasts
from tests.architecture.quarters import table
from tests.architecture.world import LEAD, SECOND, SUPERVISORS, World
from tests.fidelity.past import csv_of as past_csv
from tests.fidelity.test_scales_written import SMALL
from tests.outcomes.files import csv_of

Body = dict[str, Any]
TEXT = "Because the gate asks."
KEY = "7d0f3c1e-5b1c-4a9e-9d55-2b6f0a4f8a11"
RATED = {"score": 4, "note": "Seen.", "sources": ["INT"], "is_flagged": False, "version": 1}
GOALS = {"job_starts": 4, "employed": None, "contacts": 5, "version": "0.0.1"}
REPORT = {"method": "a", "overview": "b", "strengths": "c", "next_steps": "d"}


def day(world: World, days: int = 0) -> str:
    return (world.cast.meridian.state.today() + timedelta(days=days)).isoformat()


def draft_version(world: World) -> int:
    with tenancy.as_system(world.cast.meridian.state.pk):
        return world.own.draft.text.version


def plan_version(world: World) -> int:
    with tenancy.as_system(world.cast.meridian.state.pk):
        world.own.row.plan.refresh_from_db()
        return int(world.own.row.plan.version)


def seen(world: World, record: Agency | Team | Membership) -> str:
    with tenancy.as_system(world.cast.meridian.state.pk):
        return mark(type(record).objects.get(pk=record.pk))


def visit(world: World) -> Body:
    return {"starts_on": day(world, 30), "ends_on": day(world, 31), "mode": "onsite"}


def crew(world: World) -> Body:
    return {"lead": world.cast.meridian.memberships[LEAD].pk, "others": []}


def seat(world: World) -> Body:
    return {"role": "SU", "agency": "north-center", "teams": ["north-one"], "department": ""}


def team(world: World) -> Body:
    numbers = [world.cast.meridian.populations[0].pk]
    return {
        "agency": "north-center",
        "name": "A new team",
        "partners": ["south-center"],
        "populations": numbers,
    }


def rules(world: World) -> Body:
    return {"effective_from": day(world, 1), "values": {"after_good_months": 9}, "source": TEXT}


def read_rules(world: World) -> str:
    """The mark of what the rules would change."""
    sent = rules(world) | {"effective_from": world.cast.meridian.state.today() + timedelta(days=1)}
    with world.cast.meridian.entered("admin") as by:
        return policies.consider(world.cast.meridian.state, **sent, by=by).mark


def read_figures(world: World) -> Body:
    """What a submission of the draft says it has read."""
    with world.own.cast.entered(SUPERVISORS[world.own.key]):
        return {"version": draft_of(world.own.quarters["draft"]).version}


# (route, method) -> the body. A pair that is not here takes a body without fields.
BODIES: dict[tuple[str, str], Callable[[World], Body]] = {
    ("agencies-api:state", "PATCH"): lambda world: {"program_name": "IPS of Meridian"},
    ("agencies-api:words", "PUT"): lambda world: {"agency": "center"},
    ("agencies-api:colors", "PUT"): lambda world: {
        "brand": "#1a4480",
        "brand_ink": "#ffffff",
        "brand_accent": "#005ea2",
    },
    ("agencies-api:sign-in", "PUT"): lambda world: {"everybody": False},
    ("agencies-api:populations", "POST"): lambda world: {"name": "Veterans"},
    ("agencies-api:agencies", "POST"): lambda world: {
        "name": "A new center",
        "contact_email": "a@example.org",
    },
    ("agencies-api:agency", "PATCH"): lambda world: {
        "version": seen(world, world.cast.meridian.agencies["north"]),
        "contact_name": "Somebody",
        "website": "https://a.example",
    },
    ("agencies-api:agency-close", "POST"): lambda world: {"on": day(world), "with_teams": True},
    ("agencies-api:agency-reopen", "POST"): lambda world: {"reason": TEXT},
    ("agencies-api:teams", "POST"): team,
    ("agencies-api:team", "PATCH"): lambda world: (
        team(world) | {"name": "Another name", "version": seen(world, world.cast.meridian.teams["north_one"])}
    ),
    ("agencies-api:team-close", "POST"): lambda world: {"on": day(world)},
    ("agencies-api:team-reopen", "POST"): lambda world: {"reason": TEXT},
    ("agencies-api:person", "PUT"): lambda world: (
        seat(world) | {"reason": TEXT, "version": seen(world, world.own.supervisor)}
    ),
    ("agencies-api:person-remove", "POST"): lambda world: {"reason": TEXT},
    ("agencies-api:invitations", "POST"): lambda world: (
        seat(world) | {"name": "Newcomer", "email": "newcomer@example.org"}
    ),
    ("agencies-api:payers", "POST"): lambda world: {"name": "A new plan"},
    ("agencies-api:contracts", "POST"): lambda world: {"agency": "south-center", "starts_on": day(world)},
    ("agencies-api:contract-end", "POST"): lambda world: {"on": day(world)},
    ("notices-api:preference", "PUT"): lambda world: {"pace": "daily"},
    ("outcomes-api:figures", "PUT"): lambda world: {
        "figures": {"served": 41, "in_school": {"not_collected": TEXT}, "specialist_fte": "2.50"},
        "was": {"served": 40},
        **read_figures(world),
        "explained": {"V14": TEXT},
        "note": TEXT,
        "vacancy": "",
    },
    ("outcomes-api:submit", "POST"): lambda world: {
        "key": KEY,
        "explained": {"V14": TEXT},
        "note": TEXT,
        "vacancy": "",
        **read_figures(world),
    },
    ("outcomes-api:idle", "POST"): lambda world: {"key": KEY, "reason": TEXT},
    ("outcomes-api:accept", "POST"): lambda world: {"version": world.own.quarters["submitted"].version},
    ("outcomes-api:return", "POST"): lambda world: {
        "version": world.own.quarters["submitted"].version,
        "figures": {"served": TEXT},
        "whole": TEXT,
    },
    ("outcomes-api:reopen", "POST"): lambda world: {"reason": TEXT},
    ("outcomes-api:imports", "POST"): lambda world: {
        "name": "quarters.csv",
        "file": b64encode(csv_of(*table(world.own, served=42)).encode()).decode(),
    },
    ("outcomes-api:import-save", "POST"): lambda world: {"choice": "good", "key": KEY},
    ("outcomes-api:agency-figures", "PUT"): lambda world: {
        "figures": {"agency_adults_served": 900, "agency_adults_employed": {"not_collected": TEXT}},
        "version": 1,
    },
    ("outcomes-api:brief", "PUT"): lambda world: {"text": TEXT, "is_checked": False, "version": 1},
    ("outcomes-api:eligible", "POST"): lambda world: {
        "eligible": 90_000,
        "residents": None,
        "as_of": "2020-01-02",
        "source": TEXT,
    },
    ("outcomes-api:between-week", "PUT"): lambda world: {
        "contacts": 6,
        "looking": 4,
        "reviewed_on": day(world),
        "version": "1",
    },
    ("outcomes-api:between-month", "PUT"): lambda world: (
        dict.fromkeys(TALLIED) | {"served": 8, "version": "1"}
    ),
    ("outcomes-api:between-goals", "PUT"): lambda world: GOALS,
    ("outcomes-api:between-goals-of", "PUT"): lambda world: GOALS,
    ("outcomes-api:meeting-begin", "POST"): lambda world: {"held_on": day(world, 1)},
    ("outcomes-api:meeting-names", "PUT"): lambda world: {"shows_names": True, "version": 1},
    ("outcomes-api:meeting-notes", "POST"): lambda world: {
        "text": TEXT,
        "owner": world.cast.meridian.people["admin"].pk,
        "due_on": (world.own.meeting.held_on + timedelta(days=30)).isoformat(),
        "key": KEY,
    },
    ("outcomes-api:note-done", "POST"): lambda world: {"version": world.own.note.version},
    ("outcomes-api:meeting-programs", "POST"): lambda world: {
        "team": "north-one",
        "measure": "employment",
        "text": TEXT,
        "key": KEY,
    },
    ("outcomes-api:strategies", "POST"): lambda world: {
        "measure": "employment",
        "text": TEXT,
        "consented": True,
        "key": KEY,
    },
    ("outcomes-api:strategy-consent", "POST"): lambda world: {"consented": True, "version": 1},
    ("outcomes-api:clean-accept", "POST"): lambda world: {
        "quarter": world.own.quarters["submitted"].quarter.slug
    },
    ("fidelity-api:reviews", "POST"): lambda world: (
        visit(world) | crew(world) | {"team": "north-one", "kind": "external"}
    ),
    ("fidelity-api:imports", "POST"): lambda world: {
        "name": "past.csv",
        "file": b64encode(past_csv(*pasts.table(world.own, "3/14/2022"))).decode(),
    },
    ("fidelity-api:import-save", "POST"): lambda world: {"choice": "good", "key": KEY},
    ("fidelity-api:import-back", "POST"): lambda world: {"reason": TEXT},
    ("fidelity-api:decisions", "POST"): lambda world: {
        "kind": "closure",
        "decided_on": day(world),
        "reason": TEXT,
        "key": KEY,
    },
    ("fidelity-api:policy-what-if", "POST"): rules,
    ("fidelity-api:policy", "POST"): lambda world: rules(world) | {"version": read_rules(world)},
    ("fidelity-api:wording", "PUT"): lambda world: {
        "anchors": [{"item": "ST1", "level": 1, "text": "Official"}]
    },
    ("fidelity-api:register", "POST"): lambda world: {
        "person": world.cast.meridian.people[LEAD].pk,
        "kind": "training",
        "held_on": day(world),
        "words": TEXT,
        "key": KEY,
    },
    ("fidelity-api:texts", "POST"): lambda world: bank.SENT | {"key": KEY},
    ("fidelity-api:text", "PUT"): lambda world: bank.SENT | {"version": bank.version(world)},
    ("fidelity-api:text-retire", "POST"): lambda world: {"version": bank.version(world)},
    ("fidelity-api:text-restore", "POST"): lambda world: {"version": bank.version(world)},
    **funding.BODIES,
    ("funding-api:billing", "POST"): billing.read,
    ("funding-api:billing-what-if", "POST"): billing.sent,
    ("fidelity-api:scales", "POST"): lambda world: {"text": SMALL},
    ("fidelity-api:review-dates", "PUT"): visit,
    ("fidelity-api:review-reviewers", "PUT"): lambda world: {
        **crew(world),
        "others": [world.cast.meridian.memberships[SECOND].pk],  # has begun to rate
    },
    ("fidelity-api:review-cancel", "POST"): lambda world: {"reason": TEXT},
    ("fidelity-api:review-reopen", "POST"): lambda world: {"reason": TEXT},
    ("fidelity-api:ratings", "PUT"): lambda world: {"items": [RATED | {"item": "ST1"}]},
    ("fidelity-api:rating", "PUT"): lambda world: RATED,
    ("fidelity-api:visit", "PUT"): lambda world: {
        "version": 0,
        "agenda": [{"day": 1, "time": "09:00", "who": "Director", "what": "Welcome"}],
        "asked": [{"text": "Contact logs", "received": True}],
        "wanted_on": day(world),
        "people": [{"who": "served", "number": 6}],
        "tally": [{"question": "SV4-1", "read": 10, "met": 8, "unmet": 1}],
        "numbers": [{"item": "SV8", "specialist": 1, "values": [9, 12]}],
    },
    ("fidelity-api:visit-pdf", "POST"): lambda world: {"kind": "score-sheets"},
    ("fidelity-api:consensus", "PUT"): lambda world: {
        "items": [{"item": "ST1", "score": 4, "reason": TEXT, "version": 0}]
    },
    ("fidelity-api:draft", "PUT"): lambda world: (
        REPORT
        | {
            "version": draft_version(world),
            "items": [{"item": "ST1", "found": "a", "recommendation": "b", "is_priority": True}],
        }
    ),
    ("fidelity-api:answers", "PUT"): lambda world: {
        "items": [{"item": "OR1", "wrong": TEXT, "seen": TEXT, "version": 0}],
        "done": False,
    },
    ("fidelity-api:answer", "PUT"): lambda world: {"outcome": "changed", "answer": TEXT, "version": 1},
    ("fidelity-api:moderation", "POST"): lambda world: {"answer": TEXT},
    ("fidelity-api:moderation-agree", "POST"): lambda world: {"version": draft_version(world), "note": TEXT},
    ("fidelity-api:moderation-return", "POST"): lambda world: {
        "version": draft_version(world),
        "reason": TEXT,
        "remarks": [{"item": "ST1", "text": TEXT}],
    },
    ("fidelity-api:issue", "POST"): lambda world: {"version": draft_version(world)},
    ("fidelity-api:correction-open", "POST"): lambda world: {
        "items": ["ST1"],
        "with_texts": True,
        "writer": world.cast.meridian.memberships[LEAD].pk,
        "until": day(world, 7),
        "reason": TEXT,
    },
    ("fidelity-api:correction", "PUT"): lambda world: {
        "version": corrections.version(world.own),
        "items": [{"item": "ST1", "score": 4, "found": "a", "recommendation": "b", "is_priority": True}],
        **REPORT,
    },
    ("fidelity-api:correction-issue", "POST"): lambda world: {"version": corrections.version(world.own)},
    ("fidelity-api:correction-abandon", "POST"): lambda world: {"reason": TEXT},
    ("fidelity-api:plan-use", "POST"): lambda world: {"version": plan_version(world)},
    ("fidelity-api:plan-rows", "POST"): lambda world: {"item": world.own.last_planned},
    ("fidelity-api:plan-sign", "POST"): lambda world: {"version": plan_version(world)},
    ("fidelity-api:plan-answer", "POST"): lambda world: {
        "answer": "approve",
        "words": "",
        "version": plan_version(world),
    },
    ("fidelity-api:plan-entries", "POST"): lambda world: {"kind": "comment", "text": TEXT, "key": KEY},
    ("fidelity-api:plan-row", "PUT"): lambda world: {"version": world.own.row.version, "note": "Begun."},
}

NOT_WHOLE: list[Any] = ["3", 3.0, True, [3], {"id": 3}, 2**70, "\uff13"]
NOT_TEXT: list[Any] = [5, True, ["x"], {"x": 1}, "a\x00b", "half \ud83d"]
WRONG: list[tuple[type[Any], list[Any]]] = [  # the first kind that fits
    (fields.Whole, NOT_WHOLE),
    (fields.Text, NOT_TEXT),
    (fields.Flag, ["true", 1, 0, "yes", []]),
    (fields.Choice, ["nonsense", 1, True, ["a"]]),
    (
        fields.Day,
        [
            "2/3/2026",
            "2026-2-3",
            20260203,
            "2026-02-30",
            "0026-02-03",
            "\uff12\uff10\uff12\uff16-02-03",
            True,
        ],
    ),
    (fields.Several, [{}, "x", 3, [{"x": 1}], [None]]),
    (fields.Unique, ["x", 3, True, [KEY], {"x": KEY}, KEY.replace("-", "")]),
    (serializers.DictField, [[], "x", 3, True]),
    (serializers.Serializer, [[], "x", 3, True, {"surprise": 1}]),
]


def wrong(field: Any) -> list[Any]:
    values = next(values for kind, values in WRONG if isinstance(field, kind))
    return values if field.allow_null else [*values, None]


def changed_once(shape: serializers.Serializer[Any], body: Body) -> Iterator[tuple[str, Body, str]]:
    """(what was changed, the body, the field that must be named)."""
    for name, field in shape.fields.items():
        if field.required:
            yield f"{name} left out", {key: value for key, value in body.items() if key != name}, name
        for value in wrong(field):
            yield f"{name}={value!r:.40}", body | {name: value}, name
        if isinstance(field, serializers.Serializer):
            for what, inner, where in changed_once(field, body[name]):
                yield f"{name}.{what}", body | {name: inner}, f"{name}.{where}"
        if isinstance(field, fields.Several) and isinstance(field.child, serializers.Serializer):
            for what, inner, where in changed_once(field.child, body[name][0]):
                yield f"{name}[0].{what}", body | {name: [inner]}, f"{name}.0.{where}"
            yield f"{name} twice", body | {name: [*body[name], *body[name]]}, name


def foreign(world: World, name: str, kind: Any) -> list[Any]:
    """Records that nobody of the own state may name in a field: of the other state, and none at all."""
    away = world.cast.bayou
    if isinstance(kind, Slug):
        return ["no-such-place", "x" * 60]  # slugs of both states are alike
    assert away.payer
    numbers = {
        "lead": [away.memberships[LEAD].pk, world.cast.meridian.memberships["stakeholder"].pk],
        "others": [away.memberships["reviewer"].pk, world.cast.meridian.memberships["operator"].pk],
        "writer": [away.memberships[LEAD].pk, world.cast.meridian.memberships["stakeholder"].pk],
        "payer": [away.payer.pk],
        "owner": [away.people["admin"].pk],
        "populations": [away.populations[0].pk],
        "body": [away.payer.pk],
        "bridge": [world.corners[each].funding.column for each in ("other agency", "other state")],
    }
    assert name in numbers, (
        f"The field {name} names records: say in bodies.py, foreign(), which of them are foreign."
    )
    return [*numbers[name], 999_999_999, fields.LARGEST_ID]


def strangers(shape: serializers.Serializer[Any], body: Body, world: World) -> Iterator[tuple[str, Body]]:
    """The body with another record named wherever records are named."""
    for name, field in shape.fields.items():
        many = isinstance(field, fields.Several)
        kind = field.child if isinstance(field, fields.Several) else field
        for value in foreign(world, name, kind) if isinstance(kind, fields.Key | Slug) else ():
            yield f"{name}={value}", body | {name: [value] if many else value}
