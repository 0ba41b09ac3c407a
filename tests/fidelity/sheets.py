"""The doors of rating, as tests knock at them."""

import json
from typing import Any

from django.test import Client

from agencies import tenancy
from fidelity.models import Rating, Review
from tests.cast import StateCast

WHOLE = {"score": 4, "note": "Ten charts.", "sources": ["INT"], "is_flagged": False, "version": 0}


def signed_in(cast: StateCast, persona: str = "trainer") -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(cast.people[persona])
    return client


def address(review: Review, page: str = "rate/") -> str:
    return f"/meridian/reviews/{review.public_id}/{page}"


def save(client: Client, review: Review, item: str = "ST1", body: Any = None, **changed: Any) -> Any:
    text = body if body is not None else json.dumps(WHOLE | changed)
    return client.put(
        address(review, f"rate/{item}/"),
        data=text,
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def stored(cast: StateCast, persona: str = "trainer") -> dict[str, Rating]:
    actor = cast.actor(persona)
    with tenancy.entered(actor):
        return {row.item_code: row for row in Rating.objects.visible_to(actor)}


def status(cast: StateCast, review: Review) -> str:
    with tenancy.entered(cast.actor("trainer")):
        return str(Review.objects.get(pk=review.pk).status)


def sheet_form(review: Review, client: Client, **changed: Any) -> dict[str, Any]:
    """The form as the page gives it, with some fields filled in otherwise (None leaves a field out)."""
    sheet = client.get(address(review)).context["sheet"]
    data: dict[str, Any] = {}
    for item in sheet.items:
        data |= {
            f"score-{item.code}": item.entry.score or "",
            f"note-{item.code}": item.entry.note,
            f"version-{item.code}": item.entry.version,
            f"base-{item.code}": item.base,
        }
    data |= {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in data.items() if value is not None}
