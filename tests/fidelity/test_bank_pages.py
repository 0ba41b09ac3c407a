"""The page of texts for reports: the list, and one text that is added, changed, retired, brought back."""

import re
from typing import Any
from uuid import uuid4

import pytest

from fidelity.actions.scales import add_scale
from fidelity.models import BankText
from fidelity.scales import load
from fidelity.scales.written import read as written
from tests.cast import Cast, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.bank import ADVICE, SCALE, added, kept, read, retired, whole
from tests.fidelity.pages import get, opened_form, post, queries, signed_in, text
from tests.fidelity.test_scales_written import SMALL

PAGE = "policy/texts/"
NO_NAMES = "No names of clients, staff or agencies: texts are offered in every report."
MEANWHILE = "The text was changed after you opened this. Read it, then decide."
FOCUSED = re.compile(
    r'<div role="alert" tabindex="-1" data-focus>\s*<div [^>]*>\s*<div [^>]*>\s*<h2[^>]*>Not saved yet</h2>'
)
TYPED = {"part": "recommendation", "item": f"{SCALE}:ST1", "lowest": "1", "highest": "3", "text": "Hire."}


@pytest.fixture
def world(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(world: Cast) -> StateCast:
    return world.meridian


def texts(cast: StateCast) -> list[str]:
    with cast.entered("admin"):
        return list(BankText.objects.in_use().values_list("text", flat=True))


def form_of(cast: StateCast, row: BankText) -> dict[str, Any]:
    return opened_form(get(cast, "admin", f"{PAGE}{row.pk}/"))


# --- the list -------------------------------------------------------------------------------------------------
def test_an_empty_bank_says_what_it_is_for_and_who_keeps_it(cast: StateCast) -> None:
    page = text(get(cast, "admin", PAGE))
    assert "No texts are kept yet" in page
    assert "Add the first text" in page
    assert NO_NAMES in page
    page = text(get(cast, "trainer", PAGE))
    assert "A state admin adds and changes them" in page
    assert "Add" not in page.replace("A state admin adds", "")


def test_a_bank_whose_texts_are_all_retired_shows_the_way_to_them(cast: StateCast) -> None:
    retired(cast, added(cast))
    for persona in ("admin", "trainer"):
        page = text(get(cast, persona, PAGE))
        assert "No texts are in use" in page
        assert 'href="?show=retired"' in page
        assert "kept yet" not in page
    member = str(cast.memberships["admin"].pk)
    assert f'href="?show=retired&amp;as={member}"' in text(get(cast, "admin", PAGE, **{"as": member}))


def test_the_warning_says_people_in_the_words_of_the_state(cast: StateCast) -> None:
    cast.state.words = {"people_served": "members", "agencies": "providers"}
    with cast.entered("admin"):
        cast.state.save()
    added(cast)
    for place in ("", "new/"):
        page = text(get(cast, "admin", f"{PAGE}{place}"))
        assert page.count("No names of members, staff or providers: texts are offered in every report.") == 1


def test_the_item_names_a_row_and_each_cell_its_column(cast: StateCast) -> None:
    row = added(cast)
    page = text(get(cast, "admin", PAGE))
    [header] = re.findall(r'<th scope="row">(.*?)</th>', page, re.DOTALL)
    assert "1. " in header
    assert ADVICE not in header
    assert f'<td data-label="Text"><p class="bank__text">{ADVICE}</p></td>' in page
    assert f'href="/meridian/{PAGE}{row.pk}/retire/"' in page
    [body] = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert "<td>" not in body


@pytest.mark.parametrize("persona", ["admin", "leader"])
def test_an_item_is_named_by_its_scale_whoever_reads(cast: StateCast, persona: str) -> None:
    """A leader sees few reviews, and another scale may be used in none of them."""
    with reviews.acting(cast, "admin") as admin:
        add_scale(cast.state, text=SMALL, by=admin)
    small = written(SMALL)[1]
    for name, place in (
        ("Gone.", {"item_code": "SV6"}),
        ("Own two.", {"scale_key": small.key, "item_code": "A2"}),
        ("National.", {}),
        ("Own one.", {"scale_key": small.key, "item_code": "A1"}),
    ):
        added(cast, kept(name, **place))
    with cast.entered("admin"):
        BankText.objects.filter(text="Gone.").update(scale_key="gone")
    answer = get(cast, persona, PAGE)
    first, *items = small.items
    assert [(line.row.text, line.about) for line in answer.context["lines"]] == [
        ("National.", f"1. {load(SCALE).item('ST1').name}, {load(SCALE).name}"),
        ("Own one.", f"1. {first.name}, {small.name}"),
        ("Own two.", f"2. {items[0].name}, {small.name}"),
        ("Gone.", "An item that is in no scale now"),
    ]
    choices = dict(answer.context["form"].fields["item"].choices)
    assert choices["our-scale:A1"] == f"1. {first.name}, {small.name}"


def test_texts_are_found_by_words_item_place_and_standing(cast: StateCast) -> None:
    added(cast)
    added(cast, kept("Visit employers.", item_code="SV6"))
    added(cast, whole())
    retired(cast, added(cast, kept("An earlier wording.")))

    def found(**asked: str) -> list[str]:
        return [line.row.text for line in get(cast, "trainer", PAGE, **asked).context["lines"]]

    general = whole().text
    assert found() == [general, ADVICE, "Visit employers."]
    assert found(q="EMPLOYERS") == ["Visit employers."]
    assert found(item=f"{SCALE}:ST1") == [ADVICE]
    assert found(item="report") == [general]
    assert found(part="strengths") == [general]
    assert found(show="retired") == ["An earlier wording."]
    assert found(show="all", item=f"{SCALE}:ST1") == [ADVICE, "An earlier wording."]
    assert found(item="nothing") == []
    assert "No text fits this filter" in text(get(cast, "trainer", PAGE, q="zebra"))


def test_texts_stand_in_the_order_of_the_report(cast: StateCast) -> None:
    for item in ("SV10", "SV2", "OR1"):
        added(cast, kept(f"For {item}.", item_code=item))
    for part in ("next_steps", "overview", "strengths"):
        added(cast, whole(f"For {part}.", part=part))
    found = [line.row.text for line in get(cast, "trainer", PAGE).context["lines"]]
    wanted = ("strengths", "overview", "next_steps", "OR1", "SV2", "SV10")
    assert found == [f"For {place}." for place in wanted]


def test_a_long_list_is_paged_and_asks_no_more_of_the_database(cast: StateCast) -> None:
    added(cast)
    few = queries(cast, "admin", PAGE)
    with cast.entered("admin"):
        row = BankText.objects.get()
        BankText.objects.bulk_create(
            BankText(
                state=cast.state,
                saved_by=row.saved_by,
                form_key=uuid4(),
                part="strengths",
                text=f"Strength {number}.",
            )
            for number in range(60)
        )
    assert queries(cast, "admin", PAGE) == few
    assert len(get(cast, "admin", PAGE, page="2").context["lines"]) == 11
    assert "q=Strength&amp;page=2" in text(get(cast, "admin", PAGE, q="Strength"))


def test_those_who_write_no_reports_have_nothing_to_look_for(cast: StateCast) -> None:
    row = added(cast)
    for persona in ("specialist", "payer", "stakeholder"):
        assert get(cast, persona, PAGE).status_code == 404
        assert get(cast, persona, f"{PAGE}{row.pk}/").status_code == 404
        policy = get(cast, persona, "policy/")
        assert policy.status_code == 200
        assert "Texts for reports" not in text(policy)
    assert f"/meridian/{PAGE}" in text(get(cast, "trainer", "policy/"))


def test_another_state_sees_nothing_of_them(world: Cast, cast: StateCast) -> None:
    row = added(cast)
    client = world.bayou.seen_by("admin")
    answer = client.get(f"/bayou/{PAGE}")
    assert answer.status_code == 200
    assert ADVICE not in text(answer)
    for place in ("", "retire/"):
        assert client.get(f"/bayou/{PAGE}{row.pk}/{place}").status_code == 404
    assert client.post(f"/bayou/{PAGE}{row.pk}/bring-back/", {"version": 1}).status_code == 404


# --- one text -------------------------------------------------------------------------------------------------
def test_a_text_is_added_once_changed_retired_and_brought_back(cast: StateCast) -> None:
    sent = TYPED | {"key": str(uuid4())}
    for _ in range(2):
        assert post(cast, "admin", f"{PAGE}new/", **sent).status_code == 302
    with cast.entered("admin"):
        row = BankText.objects.get()
    assert (row.part, row.scale_key, row.item_code, row.highest) == ("recommendation", SCALE, "ST1", 3)
    assert "Hire." in text(get(cast, "trainer", PAGE))

    form = form_of(cast, row)
    page = text(get(cast, "admin", f"{PAGE}{row.pk}/"))
    assert NO_NAMES in page
    assert page.count("No names of") == 1
    answer = post(cast, "admin", f"{PAGE}{row.pk}/", **(form | {"text": "Hire one more."}))
    assert answer.status_code == 302
    assert texts(cast) == ["Hire one more."]

    question = get(cast, "admin", f"{PAGE}{row.pk}/retire/")
    assert "Hire one more." in text(question)
    assert post(cast, "admin", f"{PAGE}{row.pk}/retire/", **opened_form(question)).status_code == 302
    assert texts(cast) == []
    assert get(cast, "admin", f"{PAGE}{row.pk}/retire/").status_code == 409
    page = text(get(cast, "admin", f"{PAGE}{row.pk}/"))
    assert "Retired" in page
    assert 'name="text"' not in page
    [version] = re.findall(r'name="version" value="(\d+)"', page)
    assert post(cast, "admin", f"{PAGE}{row.pk}/bring-back/", version=version).status_code == 302
    assert texts(cast) == ["Hire one more."]


def test_a_text_of_the_whole_report_needs_no_item_and_no_ratings(cast: StateCast) -> None:
    """As a browser sends it whose script hid the fields, and as one without scripts does."""
    sent = {"part": "strengths", "text": "Well led."}
    assert post(cast, "admin", f"{PAGE}new/", **sent, key=str(uuid4())).status_code == 302
    plain = sent | {"text": "Well run.", "item": "", "lowest": "1", "highest": "5"}
    assert post(cast, "admin", f"{PAGE}new/", **plain, key=str(uuid4())).status_code == 302
    assert texts(cast) == ["Well led.", "Well run."]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"item": ""}, "item"),
        ({"item": "se15:V1"}, "item"),  # of a scale this state does not work with
        ({"part": "strengths"}, "item"),
        ({"lowest": "4", "highest": "2"}, "highest"),
        ({"text": "Client Maria waits."}, "text"),
        ({"text": " "}, "text"),
    ],
)
def test_what_cannot_be_kept_stays_on_the_page(cast: StateCast, typed: dict[str, str], field: str) -> None:
    answer = post(cast, "admin", f"{PAGE}new/", **(TYPED | {"key": str(uuid4())} | typed))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert texts(cast) == []


def test_two_who_change_the_same_text_see_both_and_choose(cast: StateCast) -> None:
    row = added(cast)
    mine, yours = form_of(cast, row), form_of(cast, row)
    assert post(cast, "admin", f"{PAGE}{row.pk}/", **(mine | {"text": "Mine."})).status_code == 302
    answer = post(cast, "admin", f"{PAGE}{row.pk}/", **(yours | {"text": "Yours."}))
    page = text(answer)
    assert answer.status_code == 409
    assert FOCUSED.search(page)
    assert "saved in another window" in page
    assert "Mine." in page
    assert "Yours." in page
    assert texts(cast) == ["Mine."]
    again = opened_form(answer)
    assert post(cast, "admin", f"{PAGE}{row.pk}/", **again).status_code == 302
    assert texts(cast) == ["Yours."]


def test_what_was_typed_over_a_text_that_is_retired_stays_on_the_page(cast: StateCast) -> None:
    row = added(cast)
    form = form_of(cast, row)
    retired(cast, row)
    answer = post(cast, "admin", f"{PAGE}{row.pk}/", **(form | {"text": "Typed for long."}))
    page = text(answer)
    assert answer.status_code == 409
    assert FOCUSED.search(page)
    assert "Bring it back first" in page
    assert "Typed for long." in page
    assert len(re.findall(r"<button[^>]*>Bring it back", page)) == 1
    [button] = re.findall(r'<button[^>]* name="then" value="bring-back"[^>]*>(.*?)</button>', page)
    assert button == "Bring it back and save"
    assert 'type="hidden" name="then"' not in page  # beside the button it would be sent twice
    with cast.entered("admin"):
        assert read(row).text == ADVICE

    again = opened_form(answer) | {"then": "bring-back"}
    refused = post(cast, "admin", f"{PAGE}{row.pk}/", **(again | {"text": "Client Maria waits."}))
    assert refused.status_code == 422
    assert 'value="bring-back"' in text(refused)
    assert texts(cast) == []
    back = signed_in(cast, "admin").post(f"/meridian/{PAGE}{row.pk}/", again, follow=True)
    assert "Brought back as you wrote it." in text(back)
    assert texts(cast) == ["Typed for long."]
    late = post(cast, "admin", f"{PAGE}{row.pk}/", **(again | {"text": "Typed once more."}))
    assert late.status_code == 409
    assert "nothing to bring back" in text(late)
    assert "Typed once more." in text(late)
    assert 'name="then"' not in text(late)


def test_a_button_beside_what_has_changed_since_says_so_in_its_own_words(cast: StateCast) -> None:
    row = added(cast)
    retire = f"{PAGE}{row.pk}/retire/"
    opened = opened_form(get(cast, "admin", retire))
    post(cast, "admin", f"{PAGE}{row.pk}/", **(form_of(cast, row) | {"text": "Mine."}))
    stale = post(cast, "admin", retire, **opened)
    assert stale.status_code == 409
    assert MEANWHILE in text(stale)
    assert post(cast, "admin", retire, version="2").status_code == 302
    for again in (post(cast, "admin", retire, version="3"), get(cast, "admin", retire)):
        assert again.status_code == 409
        assert "It is retired already." in text(again)
    late = post(cast, "admin", f"{PAGE}{row.pk}/bring-back/", version="1")
    assert late.status_code == 409
    assert MEANWHILE in text(late)


def test_who_may_not_change_them_is_told_who_may(cast: StateCast) -> None:
    row = added(cast)
    for place in ("new/", f"{row.pk}/", f"{row.pk}/retire/"):
        answer = get(cast, "trainer", f"{PAGE}{place}")
        assert answer.status_code == 403
        assert "belongs to State admin" in text(answer)
    assert post(cast, "trainer", f"{PAGE}{row.pk}/bring-back/", version=1).status_code == 403
