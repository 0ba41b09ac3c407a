"""The register of funding sources for programs: the same doors as the pages."""

from typing import Any

import pytest
from django.urls import reverse

from funding.models import FundingPlan
from tests.cast import Cast, StateCast
from tests.funding.sources import GRANT, add, again, ending
from tests.funding.test_api import send
from tests.funding.test_register import link

pytestmark = pytest.mark.django_db
SENT: dict[str, Any] = {
    "name": "County levy",
    "kind": "levy",
    "payer": "other",
    "starts_on": "2026-07-01",
    "ends_on": "2028-06-30",
    "amount": "1250000.50",
    "keeper": "VR",
}


def address(cast: StateCast, name: str = "register", *more: Any) -> str:
    return reverse(f"funding-api:{name}", args=[cast.state.slug, *more])


def test_a_source_is_added_read_and_changed_over_the_version_that_was_read(cast: StateCast) -> None:
    assert send(cast, "vr_liaison", "POST", address(cast), SENT).status_code == 403
    made = send(cast, "admin", "POST", address(cast), SENT)
    assert (made.status_code, made.json()["amount"], made.json()["version"]) == (201, "1250000.50", 1)
    path = address(cast, "register-source", made.json()["id"])
    change = SENT | {"amount": None, "version": 1}
    assert send(cast, "mh_liaison", "PUT", path, change).status_code == 403
    saved = send(cast, "vr_liaison", "PUT", path, change).json()
    assert (saved["amount"], saved["version"], saved["kept_by"]) == (None, 2, "Vocational Rehabilitation")
    slower = send(cast, "vr_liaison", "PUT", path, change)
    assert (slower.status_code, slower.json()["current"]["version"]) == (409, 2)
    assert send(cast, "leader", "GET", path).json()["name"] == "County levy"
    assert send(cast, "supervisor", "GET", path).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_on": "2026-06-30"}, "ends_on"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": 5}, "amount"),
        ({"amount": "12345678901"}, "amount"),
        ({"keeper": "MC"}, "body"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(cast: StateCast, wrong: dict[str, Any], field: str) -> None:
    answer = send(cast, "admin", "POST", address(cast), SENT | wrong)
    assert (answer.status_code, [*answer.json()["fields"]]) == (422, [field])


def test_the_list_is_narrowed_by_its_parameters(cast: StateCast, plan: FundingPlan) -> None:
    soon = add(cast, "Soon over", ends_on=ending(cast, 60))
    add(cast)
    link(cast, plan, soon)

    def names(query: str) -> list[str]:
        found = send(cast, "payer", "GET", f"{address(cast)}{query}").json()["results"]
        return [each["name"] for each in found]

    assert names("") == ["Soon over", GRANT.name]
    assert names("?when=year") == ["Soon over"]
    assert names("?kind=levy") == []
    assert send(cast, "payer", "GET", f"{address(cast)}?when=never").status_code == 400
    told = send(cast, "payer", "GET", address(cast, "register-source", soon.public_id)).json()
    assert (told["standing"], told["plans"]) == ("Ends within 90 days", [str(plan.public_id)])


def test_a_source_is_taken_off_and_brought_back(cast: StateCast) -> None:
    source = add(cast)
    off, back = (address(cast, f"register-{deed}", source.public_id) for deed in ("off", "back"))
    assert send(cast, "mh_liaison", "POST", off).status_code == 403
    assert send(cast, "vr_liaison", "POST", off).status_code == 204
    assert again(source).removed_at
    assert send(cast, "vr_liaison", "POST", off).status_code == 409
    assert send(cast, "vr_liaison", "POST", back).status_code == 204
    assert again(source).removed_at is None


def test_nobody_of_another_state_finds_a_source(both: Cast) -> None:
    source = add(both.meridian)
    for cast in (both.meridian, both.bayou):
        path = address(cast, "register-source", source.public_id)
        assert send(both.bayou, "admin", "GET", path).status_code == 404
    assert send(both.bayou, "admin", "GET", address(both.bayou)).json()["count"] == 0
