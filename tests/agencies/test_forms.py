from datetime import date

import pytest
from django import forms
from django.http import QueryDict

from agencies.forms import NOT_STORABLE, Day, HouseForm, shown_on
from agencies.refusals import NotPermitted, Unacceptable


class Sample(HouseForm):
    name = forms.CharField(max_length=10)
    on = Day(required=False)
    tags = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)


def errors(**data: object) -> dict[str, list[str]]:
    return dict(Sample({"name": "North", **data}).errors)


def test_known_fields_pass_and_lose_their_outer_spaces() -> None:
    form = Sample({"name": "  North ", "csrfmiddlewaretoken": "x", "tags": ["a", "b"]})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == "North"


def test_an_unknown_field_is_named_and_refused() -> None:
    assert "Unknown field: status" in errors(status="issued")["__all__"][0]


@pytest.mark.parametrize("text", ["No\x00rth", "No\ud800rth"])
def test_text_that_cannot_be_stored_is_refused(text: str) -> None:
    assert errors(name=text)["name"] == [NOT_STORABLE]


def test_a_value_sent_twice_is_refused_where_one_is_meant() -> None:
    form = Sample(QueryDict("name=North&name=South&tags=a&tags=b"))
    assert list(form.errors) == ["name"]


def test_too_long_says_how_long_it_is() -> None:
    assert errors(name="x" * 12)["name"] == ["Shorten this to 10 characters or fewer. It has 12 now."]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("2/3/2026", date(2026, 2, 3)), ("02/03/26", date(2026, 2, 3)), ("2026-02-03", date(2026, 2, 3))],
)
def test_dates_are_read_month_first(typed: str, meant: date) -> None:
    form = Sample({"name": "North", "on": typed})
    assert form.is_valid()
    assert form.cleaned_data["on"] == meant


@pytest.mark.parametrize("typed", ["13/13/2026", "2/30/2026", "tomorrow", "2/3/0026"])
def test_a_date_that_is_none_says_how_to_write_one(typed: str) -> None:
    assert "2/3/2026" in errors(on=typed)["on"][0]


def test_shown_on_puts_a_refusal_at_its_field_or_on_top() -> None:
    form = Sample({"name": "North"})
    assert form.is_valid()
    with shown_on(form):
        raise Unacceptable("Taken.", field="name")
    with shown_on(form):
        raise Unacceptable("Too early.", field="nowhere")
    assert form.errors == {"name": ["Taken."], "__all__": ["Too early."]}
    assert not form.is_valid()


def test_shown_on_puts_what_is_wrong_with_several_at_each_or_all_on_top() -> None:
    form = Sample({"name": "North", "on": ""})
    assert form.is_valid()
    with shown_on(form, lambda path: path.partition(".")[2]):
        raise Unacceptable("They do not fit.", fields={"a.name": ["Too long."], "a.on": ["Too late."]})
    with shown_on(form):
        raise Unacceptable("Some are not here.", fields={"name": ["Too long."], "size": ["Too large."]})
    assert form.errors == {
        "name": ["Too long."],
        "on": ["Too late."],
        "__all__": ["Some are not here."],
    }


def test_shown_on_leaves_other_refusals_to_the_gate() -> None:
    form = Sample({"name": "North"})
    with pytest.raises(NotPermitted), shown_on(form):
        raise NotPermitted("No.")
