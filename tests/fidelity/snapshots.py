"""Snapshots and plans as issuing a review would freeze them: believable, and the awkward ones paper must survive."""

from copy import deepcopy
from importlib.resources import files
from typing import Any

import yaml

SCALE_FILE = "ips25-2008.yaml"
NOW = (4, 5, 4, 5, 4, 3, 5, 4, 5, 3, 4, 4, 3, 4, 4, 4, 2, 3, 5, 5, 5, 4, 4, 3, 4)
BEFORE = (3, 5, 4, 4, 4, 3, 5, 3, 5, 3, 3, 4, 3, 3, 4, 4, 1, 3, 5, 5, 5, 4, 4, 4, 4)
PRIORITIES = {"SV6", "OR3", "OR7"}
NASTY = (
    '<script>alert("x")</script> & <b>bold</b> {{ 7*7 }} {% now %} O\u2019Neil 5 < 6 '
    "\U0001f600 \u202eabc \u6f22\u5b57 \u017di\u017ekov\u00e1 \u0395\u03bb\u03bb\u03ac\u03b4\u03b1"
)

FOUND = (
    "The reviewers read ten records, met both specialists and sat in on the weekly team meeting. Records and "
    "interviews agree with each other.",
    "Two of three specialists do this every week. The third began in June and is still being trained by the "
    "supervisor, who goes along on most visits.",
    "Contact logs for the last two months show {n} entries. Most were made in person; they name the employer, the "
    "person in charge and what was agreed next.\n\nPeople told the reviewers that they were asked what they wanted "
    "before anybody spoke to an employer.",
)
ADVICE = (
    "The supervisor and each specialist look at the contact log together every Monday and plan six visits for the "
    "week.\n- Begin with two specialists in January.\n- The supervisor goes along on one visit a month.",
    "Ask the VR counselor to join the team meeting on the second Tuesday of each month, and agree who invites.",
    "Write down in the career profile what was learned from each job start and job end, within two weeks of it.",
)


def scale() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((files("fidelity") / "scales" / SCALE_FILE).read_text())
    return data


def band_of(total: int) -> dict[str, str]:
    band = next(band for band in scale()["bands"] if band["minimum"] <= total <= band["maximum"])
    return {"key": band["key"], "label": band["label"]}


def normal() -> dict[str, Any]:
    """An external review of a team that had one the year before."""
    data = scale()
    total, before = sum(NOW), sum(BEFORE)
    seen = [(item, place) for place, item in enumerate(i for s in data["sections"] for i in s["items"])]
    places = {item["code"]: place for item, place in seen}
    return {
        "schema": 1,
        "edition": 1,
        "issued_on": "2026-10-30",
        "issued_by": "Dana Whitfield",
        "draft": False,
        "state": {
            "name": "Meridian",
            "slug": "meridian",
            "program": "Meridian IPS Supported Employment",
            "brand": "#1a4480",
            "brand_ink": "#ffffff",
            "brand_accent": "#005ea2",
            "contact": "Dana Whitfield, ips@meridian.example.gov",
            "logo_sha256": None,
        },
        "words": {
            "person_served": "client",
            "people_served": "clients",
            "agency": "agency",
            "specialist": "IPS specialist",
            "review": "fidelity review",
        },
        "agency": {"name": "Northside Community Mental Health Center"},
        "team": {"name": "Northside Adult IPS Team"},
        "review": {
            "public_id": "6f1c0c2e-6f0b-4f7e-9c43-6d0c1d6d9a11",
            "kind": "external",
            "mode": "onsite",
            "starts_on": "2026-10-14",
            "ends_on": "2026-10-15",
            "reviewers": [{"name": "Ana Ruiz", "lead": True}, {"name": "Marcus Bell", "lead": False}],
            "method": "Over two days the reviewers met the executive director, the medical director, the IPS "
            "supervisor, three specialists, two VR counselors, six clients and two family members. They sat in on "
            "the unit meeting and one treatment team meeting, went along on two employer visits and read ten records.",
            "overview": "The team has three full-time specialists and a supervisor who carries a small caseload. "
            "It works with two treatment teams and serves 58 people. IPS began here in March 2023.",
        },
        "scale": {
            "key": data["key"],
            "name": data["name"],
            "edition": data["edition"],
            "hash": "0" * 64,
            "bands": data["bands"],
        },
        "total": total,
        "possible": 125,
        "band": band_of(total),
        "to_next_band": {"label": "Exemplary", "points": 115 - total},
        "previous": {
            "ends_on": "2025-10-09",
            "kind": "external",
            "total": before,
            "band": band_of(before),
            "ratings": {code: BEFORE[place] for code, place in places.items()},
        },
        "trend": [
            {"ends_on": "2023-10-12", "kind": "external", "total": 79},
            {"ends_on": "2024-10-10", "kind": "external", "total": 88},
            {"ends_on": "2025-04-18", "kind": "self", "total": 99},
            {"ends_on": "2025-10-09", "kind": "external", "total": before},
            {"ends_on": "2026-10-15", "kind": "external", "total": total},
        ],
        "strengths": "The team knows the people it serves and starts from what each of them wants. Several clients "
        "said that somebody believed in them before they did themselves.\n\nThe unit meets every week, shares leads "
        "and covers for each other, and the executive director can say what IPS is for.",
        "next_steps": "The team and the trainer write an action plan by December 4, 2026. The trainer visits monthly "
        "until then. The next review is due in October 2027.",
        "sections": [_section(section, places) for section in data["sections"]],
        "policy": {"name": "National default", "good": 100, "exemplary": 115},
    }


def _section(section: dict[str, Any], places: dict[str, int]) -> dict[str, Any]:
    items = [_item(item, places[item["code"]]) for item in section["items"]]
    return {
        "code": section["code"],
        "name": section["name"],
        "subtotal": sum(item["rating"] for item in items),
        "possible": 5 * len(items),
        "items": items,
    }


def _item(item: dict[str, Any], place: int) -> dict[str, Any]:
    rating = NOW[place]
    return {
        "code": item["code"],
        "seq": item["seq"],
        "name": item["name"],
        "rating": rating,
        "previous": BEFORE[place],
        "anchor": item["anchors"][rating - 1],
        "found": FOUND[place % 3].format(n=20 + place),
        "recommendation": ADVICE[place % 3] if rating < 5 else "",
        "priority": item["code"] in PRIORITIES,
        "sources": item["sources"],
    }


def items(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for section in snapshot["sections"] for item in section["items"]]


def first_review() -> dict[str, Any]:
    """A new team: nothing to compare with, no strengths written, and a scale without bands."""
    snapshot = normal()
    snapshot.update(previous=None, trend=snapshot["trend"][-1:], strengths="", band=None, to_next_band=None)
    snapshot["scale"].pop("bands")
    for item in items(snapshot):
        item["previous"] = None
    return snapshot


def self_review() -> dict[str, Any]:
    """The team rated itself; one reviewer, other words for the things of the program, a logo, still a draft."""
    snapshot = normal()
    snapshot.update(draft=True, issued_on=None, issued_by=None, edition=2)
    snapshot["review"].update(
        kind="self", mode="virtual", ends_on="2026-10-14", reviewers=snapshot["review"]["reviewers"][:1]
    )
    snapshot["words"].update(
        person_served="participant",
        people_served="participants",
        agency="provider",
        review="IPS self-assessment",
    )
    snapshot["state"].update(
        name="Prairie", program="Prairie Works", brand="#5c4809", brand_accent="#947100", logo=LOGO
    )
    snapshot["trend"][-1]["kind"] = "self"
    return snapshot


def unrated() -> dict[str, Any]:
    """A draft printed before the visit: no rating, no text, no reviewer's name."""
    snapshot = first_review()
    snapshot.update(draft=True, issued_on=None, issued_by=None, total=None, trend=[], next_steps="")
    snapshot["review"].update(method="", overview="", reviewers=[])
    for section in snapshot["sections"]:
        section["subtotal"] = None
        for item in section["items"]:
            item.update(rating=None, anchor="", found="", recommendation="", priority=False, sources=[])
    return snapshot


def huge() -> dict[str, Any]:
    """The longest names, notes over pages, markup and odd characters in every text, advice for every item."""
    snapshot = normal()
    nasty = NASTY
    snapshot["state"]["program"] = (
        "Meridian Department of Behavioral Health and Vocational Rehabilitation, "
        "Individual Placement and Support"
    )
    snapshot["agency"]["name"] = (
        "The Greater Northside Regional Community Mental Health and Recovery Services Center "
        "of Meridian, Incorporated"
    )
    snapshot["team"]["name"] = (
        "Northside Young Adult and Early Psychosis Employment and Education Team "
        "(Counties of Ash, Birch and Cedar)"
    )
    snapshot["review"]["reviewers"] = [
        {"name": f"Reviewer With A Rather Long Name {n}", "lead": n == 1} for n in range(1, 6)
    ]
    snapshot["strengths"] = f"{nasty}\n\n" + "Everyone at the team said the same. " * 40
    snapshot["next_steps"] = nasty
    snapshot["band"] = {"key": "good", "label": "good fidelity with " + "very " * 6 + "long label"}
    for number, item in enumerate(items(snapshot)):
        item["name"] = (
            f"{item['name']} and everything that belongs to it {nasty if number == 3 else ''}".strip()
        )
        item["rating"] = min(item["rating"], 4)
        item["priority"] = number % 2 == 0
        item["found"] = (nasty + " " + "A sentence about what was found. " * 12) * (14 if number == 5 else 1)
        item["recommendation"] = f"Do this:\n• one {nasty}\n• two\n• " + "x" * 400
    return snapshot


def plan(snapshot: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An action plan drafted from every item rated 3 or lower."""
    rows = [
        _row(item, number)
        for number, item in enumerate([i for i in items(snapshot) if (i["rating"] or 1) <= 3], 1)
    ]
    head = {
        "version": 3,
        "status": "active",
        "author": "Ana Ruiz",
        "updated_on": "2026-12-01",
        "due_on": "2026-12-04",
        "approver": None,
        "approved_on": None,
        "rows": rows,
    }
    return {"snapshot": snapshot, "plan": head | changes}


def _row(item: dict[str, Any], number: int) -> dict[str, Any]:
    done = number == 3
    return {
        "position": number,
        "seq": item["seq"],
        "code": item["code"],
        "name": item["name"],
        "rating": item["rating"],
        "goal": min((item["rating"] or 1) + 1, 5),
        "steps": [
            "Look at the contact log of each specialist every Monday and plan the week\u2019s visits.",
            "The supervisor goes along on one employer visit a month with each specialist.",
            "Bring the numbers to the steering committee in March.",
        ],
        "responsible": "Jordan Lee, IPS supervisor, with the trainer",
        "target_on": f"2027-0{number % 6 + 1}-15",
        "status": "done" if done else ("in_progress" if number == 2 else "not_started"),
        "status_label": "Done" if done else ("In progress" if number == 2 else "Not started"),
        "note": "Started in January. Two specialists plan with the log each week."
        if number in (2, 3)
        else "",
        "done_on": "2027-02-20" if done else None,
    }


def full_plan() -> dict[str, Any]:
    """Every item of the scale in the plan, markup in the texts, an approver who has approved."""
    snapshot = huge()
    rows = [_row(item, number) for number, item in enumerate(items(snapshot), 1)]
    rows[0]["note"] = "<img src=x onerror=alert(1)> " + "A long note. " * 300
    rows[1].update(steps=[], responsible="", target_on=None, goal=None, rating=None)
    rows[4].update(status="dropped", status_label="Dropped")
    return deepcopy(plan(snapshot, rows=rows, approver="Bayou Health Plan", approved_on="2026-12-20"))


# A small PNG, as Pillow writes a re-encoded logo.
LOGO = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAHgAAAAoCAIAAAC6iKlyAAAA5ElEQVR42u3ZzRFAMBCGYTFOOlOECtwU4qYCRejMNQoQP4ld"
    "Mdn3O5pxeeabzRLnva+IfmoIgAaaxKdJeKfv2uPDZd3QvIh7fhgGfRGXhH5IDPerGZ2gnPyW0UaLYFHtm0ZLVZJqs979AFq2"
    "hpQ6DK3hgjWjI9PWoVq9sw1kHl2pvsPkaTSjo3ho7SPL8pFIo4EGmgANNNAQZIDW/nds+d80jQa6rASuspS+34zfadHofNAa"
    "1eOKtv7ABWVGxw+gpWpInU+3DqklBOK40ZHmhXJ0o2OrDfFb6GtxfOWhCesd0OazA8dmWivpaEtiAAAAAElFTkSuQmCC"
)
