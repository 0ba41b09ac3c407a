"""How forms come out: labels, hints, errors and what assistive software is told about them."""

import re
from datetime import date

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from ips_portal.uswds import BAD_DATE, DATE_HINT, NARROW, TILE, Choice, LongSelect


class Visit(forms.Form):
    team = forms.ChoiceField(choices=[("", "Choose a team"), ("1", "Northside")])
    starts_on = forms.DateField(label="First day")
    kind = forms.ChoiceField(
        choices=[("e", Choice("External", "From outside the agency")), ("s", "Self")],
        widget=forms.RadioSelect(attrs={"class": TILE}),
    )
    sources = forms.MultipleChoiceField(
        choices=[("i", "Interview"), ("d", "Document")], widget=forms.CheckboxSelectMultiple, required=False
    )
    email = forms.EmailField(
        help_text="Gets the schedule", widget=forms.EmailInput(attrs={"placeholder": "name@example.gov"})
    )
    days = forms.IntegerField(widget=forms.NumberInput(attrs={"class": NARROW}))
    notes = forms.CharField(widget=forms.Textarea, max_length=2000, required=False)
    letter = forms.FileField(error_messages={"required": "Attach the letter to the team."})
    agreed = forms.BooleanField()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def empty() -> str:
    return str(Visit())


@pytest.fixture
def refused() -> Visit:
    form = Visit({"starts_on": "soon"})
    assert not form.is_valid()
    return form


def tag(page: str, key: str) -> str:
    """The start tag that carries this id."""
    found = re.search(rf'<\w+[^>]*\sid="{key}"[^>]*>', page)
    assert found, f"nothing has the id {key}"
    return found[0]


def ids(page: str) -> set[str]:
    return set(re.findall(r'\sid="([^"]+)"', page))


def test_every_input_has_a_label_or_a_legend(empty: str) -> None:
    for key in (
        "team",
        "starts_on",
        "email",
        "days",
        "notes",
        "letter",
        "agreed",
        "kind_0",
        "kind_1",
        "sources_0",
    ):
        assert f'for="id_{key}"' in empty
    assert empty.count("<legend") == 2


def test_what_an_input_says_describes_it_exists(refused: Visit) -> None:
    page = str(refused)
    named = {key for value in re.findall(r'aria-describedby="([^"]+)"', page) for key in value.split()}
    assert {"id_email_helptext", "id_email_error", "id_starts_on_helptext", "id_kind_error"} <= named
    assert named <= ids(page)


def test_a_refused_field_is_marked_for_eye_and_ear(refused: Visit) -> None:
    email = tag(str(refused), "id_email")
    assert 'aria-invalid="true"' in email
    assert "usa-input--error" in email


def test_the_summary_links_to_an_id_of_every_refused_field(refused: Visit) -> None:
    summary = render_to_string("_error_summary.html", {"form": refused})
    linked = re.findall(r'href="#([^"]+)"', summary)
    assert len(linked) == 7
    assert set(linked) <= ids(str(refused))
    assert "id_kind_0" in linked, "a group of buttons takes no focus, its first button does"
    assert 'role="alert"' in summary


def test_a_form_without_faults_has_no_summary() -> None:
    assert render_to_string("_error_summary.html", {"form": Visit()}).strip() == ""


def test_messages_say_what_to_do_and_a_form_may_say_it_better(refused: Visit) -> None:
    assert refused.errors["team"] == ["Choose one."]
    assert refused.errors["email"] == ["Fill this in."]
    assert refused.errors["starts_on"] == [BAD_DATE]
    assert refused.errors["letter"] == ["Attach the letter to the team."]
    assert forms.Field.default_error_messages["required"] == "This field is required."


def test_dates_are_written_and_read_as_month_day_year() -> None:
    shown = str(Visit(initial={"starts_on": date(2026, 2, 3)})["starts_on"])
    assert 'value="2/3/2026"' in shown
    assert DATE_HINT in str(Visit())
    read = Visit({"starts_on": "2/3/2026"})
    read.is_valid()
    assert read.cleaned_data["starts_on"] == date(2026, 2, 3)


def test_what_was_typed_comes_back_as_it_was(refused: Visit) -> None:
    assert 'value="soon"' in str(refused["starts_on"])


def test_long_pasted_text_is_counted_not_cut(empty: str) -> None:
    notes = tag(empty, "id_notes")
    assert "maxlength" not in notes
    assert 'data-limit="2000"' in notes
    assert not Visit({"notes": "x" * 2001}).is_valid()


def test_optional_fields_are_marked_and_required_ones_are_not(empty: str) -> None:
    assert empty.count("(optional)") == 2


def test_no_hint_vanishes_while_typing(empty: str) -> None:
    assert "placeholder" not in empty


def test_a_widget_keeps_the_variant_it_asked_for(empty: str) -> None:
    assert NARROW in tag(empty, "id_days")
    assert TILE in tag(empty, "id_kind_0")
    assert "usa-radio__input" in tag(empty, "id_kind_0")


def test_a_choice_may_carry_a_sentence(empty: str) -> None:
    assert "From outside the agency" in empty


@pytest.mark.parametrize("chosen", [None, "", "b", "nobody"])
def test_a_long_choice_is_drawn_as_any_other(chosen: str | None) -> None:
    choices = [("", "Any"), ("a", "<b>A & B</b>"), ("b", "B")]
    drawn, usual = (
        " ".join(kind(choices=choices).render("agency", chosen, {"id": "filter_agency"}).split())
        for kind in (LongSelect, forms.Select)
    )
    assert drawn == usual.replace("> <", "><")


def test_a_hidden_field_has_neither_label_nor_class(empty: str) -> None:
    assert 'for="id_version"' not in empty
    assert "class" not in tag(empty, "id_version")


def test_what_people_typed_is_never_markup() -> None:
    form = Visit({"email": '"><script>alert(1)</script>', "team": "<b>"})
    assert not form.is_valid()
    page = str(form) + render_to_string("_error_summary.html", {"form": form})
    assert "<script" not in page
    assert "<b>" not in page


def test_pages_of_a_list_keep_its_filters() -> None:
    request = RequestFactory().get("/meridian/teams/", {"status": "open", "page": "2"})
    page = Paginator(range(95), 20).get_page(2)
    text = render_to_string("_pagination.html", {"page": page, "noun": "teams"}, request)
    assert "21 to 40 of 95 teams" in text
    assert 'href="?status=open&amp;page=3"' in text
    assert 'href="?status=open&amp;page=1"' in text


@pytest.mark.parametrize(
    ("change", "words"), [(3, "up 3"), (-5, "down 5"), (0, "no change"), (None, "no earlier figure")]
)
def test_a_change_is_told_in_words(change: int | None, words: str) -> None:
    assert words in render_to_string("_change.html", {"change": change})


@pytest.mark.parametrize("kind", ["ok", "watch", "action", "info", "plain"])
def test_a_status_is_an_icon_and_a_word(kind: str) -> None:
    chip = render_to_string("_chip.html", {"kind": kind, "text": "Late"})
    assert "<svg" in chip
    assert "Late" in chip


def test_an_unrated_item_is_not_a_zero() -> None:
    assert "not rated" in render_to_string("_score.html", {"rating": None})
    assert "score--1" in render_to_string("_score.html", {"rating": 1})


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_answer_has_a_page_that_says_what_became_of_the_data(status: int) -> None:
    page = render_to_string(f"{status}.html")
    assert page.count("<h1") == 1
    assert re.search(r"not saved|Nothing was|Nothing of yours|may be gone", page)
