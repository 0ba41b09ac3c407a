"""The register of funding sources in the browser's eyes: who reads it, what is typed wrong, what a file holds."""

import csv
import re
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from agencies import tenancy
from funding.actions import register
from funding.models import FundingPlan, FundingSource, PlanColumn
from tests.cast import Cast, StateCast
from tests.funding.plans import column
from tests.funding.sources import GRANT, add, again, ending
from tests.funding.test_register import link

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "County levy",
    "kind": "levy",
    "payer": "other",
    "given_by": "Three counties",
    "starts_on": "7/1/2026",
    "ends_on": "6/30/2028",
    "amount": "$1,250,000.50",
    "purpose": "Teams in three counties",
    "contact_name": "Levy office",
    "contact_email": "levy@example.gov",
    "contact_phone": "555-0101",
    "citation": "Levy 7",
    "evidence_url": "https://example.gov/levy",
    "keeper": "",
    "department": "",
    "body": "",
}


def address(cast: StateCast, name: str, *more: Any) -> str:
    return reverse(f"funding:register-{name}", args=[cast.state.slug, *more])


def page_of(cast: StateCast, persona: str, path: str) -> str:
    answer = cast.seen_by(persona).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_source_is_added_with_all_that_was_typed(cast: StateCast) -> None:
    browser = cast.seen_by("admin")
    answer = browser.post(address(cast, "new"), TYPED)
    assert answer.status_code == 302
    with tenancy.as_system(cast.state.pk):
        made = FundingSource.objects.get()
    assert (made.amount, made.ends_on, made.keeper) == (Decimal("1250000.50"), date(2028, 6, 30), "")
    page = page_of(cast, "leader", answer.headers["Location"])
    for said in (
        "$1,250,000.50",
        "June 30, 2028",
        "mailto:levy@example.gov",
        "Levy, bond or tax",
        "None yet",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "6/30/2026"}, "It ends before it starts"),
        ({"amount": "-5"}, "not less than nothing"),
        ({"amount": "12.345"}, "two digits at most"),
        ({"amount": "1,25"}, "in digits"),
        ({"amount": "12345678901"}, "more than the register can hold"),
        ({"amount": "NaN"}, "in digits"),
        ({"name": ""}, "Fill this in"),
        ({"kind": ""}, "Choose one"),
        ({"contact_email": "nobody"}, "Write an e-mail address"),
        ({"evidence_url": "no address"}, "Write a web address"),
        ({"keeper": "DL"}, "which department keeps"),
    ],
)
@pytest.mark.parametrize("deed", ["new", "edit"])
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(
    cast: StateCast, wrong: dict[str, str], words: str, deed: str
) -> None:
    source = add(cast)
    path = address(cast, "new") if deed == "new" else address(cast, "edit", source.public_id)
    sent = TYPED | wrong | ({"version": "1"} if deed == "edit" else {})
    answer = cast.seen_by("admin").post(path, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert all(f">{said}</textarea>" in page.replace("\n", "") for said in [sent["purpose"]])
    for name, said in sent.items():
        if said and name not in ("purpose", "kind", "payer", "keeper", "version"):
            assert f'value="{said}"' in page, name
    assert again(source).version == 1


def test_wrong_days_and_a_wrong_amount_are_said_at_once(cast: StateCast) -> None:
    sent = TYPED | {"ends_on": "6/30/2026", "amount": "-12.345"}
    page = cast.seen_by("admin").post(address(cast, "new"), sent).content.decode()
    assert "It ends before it starts" in page
    assert "two digits at most" in page


def test_the_slower_of_two_sees_what_stands_now_above_what_was_typed(cast: StateCast) -> None:
    source = add(cast)
    browser = cast.seen_by("vr_liaison")
    target = address(cast, "edit", source.public_id)
    with cast.entered("admin") as admin:
        entry = register.Entry(**vars(GRANT) | {"amount": Decimal(77)})
        register.change(source, entry, version=1, by=admin)
    own = {name: said for name, said in TYPED.items() if name not in ("keeper", "department", "body")}
    answer = browser.post(target, own | {"version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Stands now" in page
    assert "$77" in page
    assert 'value="$1,250,000.50"' in page
    assert browser.post(target, own | {"version": "2"}).status_code == 302
    assert (again(source).name, again(source).keeper) == ("County levy", "VR")


def test_a_liaison_changes_the_own_source_and_says_not_who_keeps_it(cast: StateCast) -> None:
    source = add(cast)
    path = address(cast, "edit", source.public_id)
    assert 'name="keeper"' not in page_of(cast, "vr_liaison", path)
    assert 'name="keeper"' in page_of(cast, "trainer", path)
    for persona in ("mh_liaison", "department_liaison", "payer", "leader"):
        assert cast.seen_by(persona).get(path).status_code == 403
        assert path not in page_of(cast, persona, address(cast, "page", source.public_id))


@pytest.mark.parametrize(
    ("persona", "list_status", "new_status", "file_status"),
    [
        ("admin", 200, 200, 200),
        ("trainer", 200, 200, 200),
        ("vr_liaison", 200, 403, 200),
        ("payer", 200, 403, 403),
        ("leader", 200, 403, 403),
        ("supervisor", 404, 403, 403),
        ("specialist", 404, 404, 404),
    ],
)
def test_who_reads_the_register_adds_to_it_and_takes_it_out(
    cast: StateCast, persona: str, list_status: int, new_status: int, file_status: int
) -> None:
    add(cast)
    browser = cast.seen_by(persona)
    assert browser.get(address(cast, "list")).status_code == list_status
    assert browser.get(address(cast, "new")).status_code == new_status
    assert browser.get(address(cast, "file", "csv")).status_code == file_status


def test_the_list_of_plans_leads_to_the_register_and_back(cast: StateCast, plan: FundingPlan) -> None:
    plans_url = reverse("funding:plan-list", args=[cast.state.slug])
    assert f'href="{address(cast, "list")}"' in page_of(cast, "leader", plans_url)
    assert f'href="{plans_url}"' in page_of(cast, "leader", address(cast, "list"))
    assert address(cast, "list") not in page_of(cast, "supervisor", plans_url)


def test_an_empty_register_says_how_to_begin(cast: StateCast) -> None:
    assert "Add the first funding source" in page_of(cast, "admin", address(cast, "list"))
    page = page_of(cast, "vr_liaison", address(cast, "list"))
    assert "No funding source yet" in page
    assert "Add the first" not in page


def test_filters_narrow_the_list_and_stay_in_the_address(cast: StateCast) -> None:
    add(cast, "Soon over", ends_on=ending(cast, 60))
    add(cast, "A levy", kind="levy", payer="state", ends_on=ending(cast, 300))
    add(cast, "Long over", ends_on=ending(cast, -1))
    add(cast, "Lasting", ends_on=None, amount=None)
    off = add(cast, "Never given")
    with cast.entered("admin") as admin:
        register.take_off(off, by=admin)
    names = {"Soon over", "A levy", "Long over", "Lasting", "Never given"}

    def shown(query: str) -> set[str]:
        page = page_of(cast, "admin", f"{address(cast, 'list')}{query}")
        return {name for name in names if f">{name}</a>" in page}

    assert shown("") == {"Soon over", "A levy", "Lasting"}
    assert shown("?when=year") == {"Soon over", "A levy"}
    assert shown("?when=ended") == {"Long over"}
    assert shown("?when=off") == {"Never given"}
    assert shown("?when=all") == names
    assert shown("?kind=levy") == {"A levy"}
    assert shown("?payer=state") == {"A levy"}
    assert shown("?q=soon") == {"Soon over"}
    assert shown("?kind=loan") == shown("?q=nowhere") == set()
    whole = page_of(cast, "admin", f"{address(cast, 'list')}?when=all")
    order = ["Long over", "Soon over", "A levy", "Lasting", "Never given"]
    assert sorted(order, key=lambda name: whole.index(f">{name}</a>")) == order
    page = page_of(cast, "admin", address(cast, "list"))
    for word in ("Ends within 90 days", "Ends within a year", "No end is known"):
        assert word in page
    assert "?when=year" in page_of(cast, "admin", f"{address(cast, 'list')}?when=year")


def test_sums_say_of_how_many_they_are(cast: StateCast) -> None:
    for number, amount in enumerate((Decimal("100.10"), Decimal("200.20"), None)):
        add(cast, f"Grant {number}", amount=amount)
    add(cast, "A levy", payer="state", amount=None)
    page = re.sub(r"<[^>]+>", " ", page_of(cast, "admin", address(cast, "list")))
    told = re.sub(r"\s+", " ", page)
    assert "Other $300.30 2 of 3 amounts known" in told
    assert "State general funds Not known 0 of 1 amount known" in told
    assert "All $300.30 2 of 4 amounts known" in told


def test_a_source_says_which_plans_name_it(cast: StateCast, plan: FundingPlan) -> None:
    source = add(cast)
    link(cast, plan, source)
    page = page_of(cast, "vr_liaison", address(cast, "page", source.public_id))
    assert reverse("funding:plan-page", args=[cast.state.slug, plan.public_id]) in page
    assert "Funding plan of Meridian goes on naming it" in page_of(
        cast, "vr_liaison", address(cast, "off", source.public_id)
    )
    filled = reverse("funding:column-fill", args=[cast.state.slug, plan.public_id, column(plan, "Grant").pk])
    assert address(cast, "page", source.public_id) in page_of(cast, "leader", filled)


def test_a_source_goes_off_and_comes_back_in_its_history(cast: StateCast) -> None:
    source = add(cast)
    browser = cast.seen_by("vr_liaison")
    assert browser.post(address(cast, "back", source.public_id)).status_code == 409
    assert browser.post(address(cast, "off", source.public_id)).status_code == 302
    assert browser.post(address(cast, "off", source.public_id)).status_code == 409
    own = {name: said for name, said in TYPED.items() if name not in ("keeper", "department", "body")}
    assert browser.get(address(cast, "edit", source.public_id)).status_code == 409
    late = browser.post(address(cast, "edit", source.public_id), own | {"version": "1"})
    assert late.status_code == 409
    assert 'value="$1,250,000.50"' in late.content.decode()
    page = page_of(cast, "vr_liaison", address(cast, "page", source.public_id))
    assert "Nothing of it is lost" in page
    assert browser.post(address(cast, "back", source.public_id)).status_code == 302
    told = page_of(cast, "leader", address(cast, "history", source.public_id))
    assert f"Added the funding source “{GRANT.name}”." in told
    assert "day it was taken off the register" in told


def test_the_history_says_amounts_with_their_cents(cast: StateCast) -> None:
    source = add(cast)
    with cast.entered("vr_liaison") as by:
        cheaper = register.Entry(**vars(GRANT) | {"amount": Decimal(77)})
        register.change(source, cheaper, version=1, by=by)
    told = page_of(cast, "leader", address(cast, "history", source.public_id))
    assert "Changed amount from 1,250,000.50 to 77.00." in told


def test_a_column_is_given_its_source_on_its_form(cast: StateCast, plan: FundingPlan) -> None:
    source, foreign_free = add(cast), column(plan, "Grant")
    path = reverse("funding:source-edit", args=[cast.state.slug, plan.public_id, foreign_free.pk])
    browser = cast.seen_by("admin")
    assert GRANT.name in browser.get(path).content.decode()
    sent = {"payer": "other", "name": "Grant", "comes_from": str(source.pk), "ends_on": "1/1/2028"}
    refused = browser.post(path, sent)
    assert refused.status_code == 422
    assert "September 30, 2029" in refused.content.decode()
    assert browser.post(path, sent | {"ends_on": ""}).status_code == 302
    with tenancy.as_system(cast.state.pk):
        assert (
            PlanColumn.objects.select_related("comes_from").get(pk=foreign_free.pk).last_day == GRANT.ends_on
        )
    layout = reverse("funding:plan-layout", args=[cast.state.slug, plan.public_id])
    assert (
        f'September 30, 2029<span class="note">From the register: {GRANT.name}</span>'
        in browser.get(layout).content.decode()
    )


def test_a_file_holds_amounts_as_numbers_and_no_formula(cast: StateCast, plan: FundingPlan) -> None:
    link(cast, plan, add(cast))
    add(cast, "=Unknown", amount=None, ends_on=None)
    add(cast, "Long over", ends_on=ending(cast, -1))
    answer = cast.seen_by("vr_liaison").get(address(cast, "file", "csv"))
    lines = list(csv.reader(StringIO(answer.content.decode().removeprefix("\ufeff"))))
    about = dict(line for line in lines if len(line) == 2)
    assert about["Downloaded"].endswith("by Meridian Vr Liaison")
    assert about["Shown"] == "Show: Running or to come"
    heads = next(line for line in lines if line[:1] == ["Name"])
    rows = [dict(zip(heads, line, strict=True)) for line in lines[lines.index(heads) + 1 :]]
    assert [row["Name"] for row in rows] == [GRANT.name, "'=Unknown"]
    told = rows[0]
    assert (told["Amount in all"], told["Last day"]) == ("1250000.50", "2029-09-30")
    assert (told["Named by plans"], rows[1]["Amount in all"]) == ("Funding plan of Meridian", "")
    book = load_workbook(
        BytesIO(cast.seen_by("admin").get(address(cast, "file", "xlsx") + "?when=ended").content)
    )
    assert [cell.value for cell in book["Rows"]["A"]] == ["Name", "Long over"]
    assert book["Rows"]["G"][1].value == 1250000.5


def test_the_register_asks_the_database_as_often_for_forty_sources(
    cast: StateCast, plan: FundingPlan
) -> None:
    browser = cast.seen_by("vr_liaison")

    def asked() -> int:
        with CaptureQueriesContext(connection) as context:
            assert browser.get(address(cast, "list")).status_code == 200
        return len(context)

    link(cast, plan, add(cast))
    before = asked()
    for number in range(39):
        add(cast, f"Grant {number}", keeper="MC", body=cast.payer)
    assert asked() == before
    assert before <= 12


def test_nobody_of_another_state_finds_a_source(both: Cast) -> None:
    source = add(both.meridian)
    for name in ("page", "edit", "history", "off"):
        assert (
            both.bayou.seen_by("admin").get(address(both.meridian, name, source.public_id)).status_code == 404
        )
        assert both.bayou.seen_by("admin").get(address(both.bayou, name, source.public_id)).status_code == 404
    assert GRANT.name not in page_of(both.bayou, "admin", address(both.bayou, "list") + "?when=all")
