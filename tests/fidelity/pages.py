"""What the tests of pages have in common: somebody opens a page of the first state, or sends a form to it."""

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fidelity.models import Review
from tests.cast import StateCast
from tests.fidelity import reviews


def signed_in(cast: StateCast, persona: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(cast.people[persona])
    return client


def get(cast: StateCast, persona: str, path: str, **query: str) -> Any:
    return signed_in(cast, persona).get(f"/meridian/{path}", query)


def post(cast: StateCast, persona: str, path: str, **fields: Any) -> Any:
    return signed_in(cast, persona).post(f"/meridian/{path}", fields)


def at(review: Review, page: str = "") -> str:
    return f"reviews/{review.public_id}/{page}"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def evenly(answer: Any) -> str:
    return " ".join(text(answer).split())


def read(answer: Any) -> str:
    """A page's words without their tags, evened out."""
    return " ".join(re.sub(r"<[^>]*>", " ", text(answer)).split())


def opened_form(answer: Any) -> dict[str, Any]:
    """What the form of a page would send unchanged."""
    form = answer.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if value not in (None, False)}


def queries(cast: StateCast, persona: str, path: str) -> int:
    client = signed_in(cast, persona)
    client.get(f"/meridian/{path}")
    with CaptureQueriesContext(connection) as found:
        assert client.get(f"/meridian/{path}").status_code == 200
    return len(found)


def draft(cast: StateCast, **scheduled: Any) -> Review:
    return reviews.drafted(cast, **scheduled)
