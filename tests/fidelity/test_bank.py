"""The bank of texts for reports: what it takes, what it offers where, and who sees and changes it."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from agencies.audit import sentences
from agencies.models import Change
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity.actions import bank
from fidelity.actions.bank import MOST, Kept
from fidelity.actions.scales import add_scale
from fidelity.dashboards.bank import offers
from fidelity.models import BankText
from fidelity.scales import load
from tests.cast import Cast, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.bank import ADVICE, added, changed, kept, read, retired, whole
from tests.fidelity.test_scales_written import SMALL


@pytest.fixture
def world(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(world: Cast) -> StateCast:
    return world.meridian


def offered(cast: StateCast, rating: int | None = 3, *, scale: str = "ips25-2008") -> dict[str, list[str]]:
    """In a report on item 1 rated so."""
    with reviews.acting(cast, "trainer") as trainer:
        return dict(offers(trainer, load(scale), {"ST1": rating}))


# --- what is offered ------------------------------------------------------------------------------------------
def test_a_text_is_offered_at_its_item_and_in_its_place_alone(cast: StateCast) -> None:
    added(cast)
    added(cast, kept("Seen in every log.", part="found", item_code="SV6"))
    added(cast, whole())
    assert offered(cast) == {
        "ST1-recommendation": [ADVICE],
        "SV6-found": ["Seen in every log."],
        "strengths": ["Everybody knows last quarter's numbers."],
    }


@pytest.mark.parametrize(
    ("rating", "is_offered"), [(1, False), (2, True), (3, True), (4, False), (None, False)]
)
def test_a_text_is_offered_at_the_ratings_it_suits(
    cast: StateCast, rating: int | None, is_offered: bool
) -> None:
    added(cast, kept(lowest=2, highest=3))
    assert bool(offered(cast, rating)) is is_offered


def test_an_item_that_is_not_rated_is_offered_what_suits_every_rating(cast: StateCast) -> None:
    added(cast)
    assert offered(cast, None) == {"ST1-recommendation": [ADVICE]}


def test_the_same_code_of_another_scale_is_offered_nothing(cast: StateCast) -> None:
    added(cast)
    added(cast, whole())
    assert list(offered(cast, scale="se15")) == ["strengths"]


def test_a_retired_text_is_offered_no_more_until_it_is_brought_back(cast: StateCast) -> None:
    row = retired(cast, added(cast))
    assert offered(cast) == {}
    with pytest.raises(WrongStatus, match="This text is retired"):
        changed(cast, row, kept("Otherwise."), row.version)
    with reviews.acting(cast, "admin") as admin:
        bank.bring_back(row, version=row.version, by=admin)
    assert offered(cast) == {"ST1-recommendation": [ADVICE]}
    with reviews.acting(cast, "admin") as admin, pytest.raises(WrongStatus, match="nothing to bring back"):
        bank.bring_back(row, version=row.version, by=admin)


# --- what is taken --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        (kept(" "), "text", "Write a sentence"),
        (kept("x" * 10_001), "text", "10,000"),
        (kept("Client Maria waits for a job."), "text", "the name of a person served"),
        (kept(part="cover"), "part", "Choose a text of the report"),
        (kept(item_code=""), "item", "Choose the item"),
        (kept(item_code="SV15"), "item", "no item"),
        (kept(scale_key="se15", item_code="SV14"), "item", "no item"),
        (kept(scale_key="another"), "item", "no such scale"),
        (kept(part="strengths"), "item", "belongs to no item"),
        (kept(lowest=4, highest=2), "highest", "the lower one first"),
        (kept(lowest=0), "highest", "from 1 to 5"),
        (kept(highest=6), "highest", "from 1 to 5"),
        (Kept("strengths", "Well done.", lowest=5), "highest", "Only a text of one item"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(
    cast: StateCast, values: Kept, field: str, said: str
) -> None:
    with pytest.raises(Unacceptable, match=said) as refused:
        added(cast, values)
    assert refused.value.field == field
    row = added(cast)
    with pytest.raises(Unacceptable, match=said):
        changed(cast, row, values)


def test_the_same_text_stands_in_one_place_once(cast: StateCast) -> None:
    row = added(cast)
    with pytest.raises(Unacceptable, match="offered there already"):
        added(cast)
    added(cast, kept(item_code="ST2"))
    changed(cast, row, kept(highest=3))  # it does not stand in its own way
    retired(cast, row)
    added(cast)
    with reviews.acting(cast, "admin") as admin, pytest.raises(Unacceptable, match="offered there already"):
        bank.bring_back(read(row), version=3, by=admin)


def test_one_field_is_offered_no_endless_list(cast: StateCast) -> None:
    for number in range(MOST):
        added(cast, kept(f"Step {number}."))
    with pytest.raises(Unacceptable, match="20 texts are offered there already"):
        added(cast, kept("One more."))
    added(cast, kept("One more.", item_code="ST2"))


def test_a_form_sent_twice_adds_once(cast: StateCast) -> None:
    key = uuid4()
    for _ in range(2):
        with reviews.acting(cast, "admin") as admin:
            bank.add(cast.state, kept=kept(), key=key, by=admin)
    assert offered(cast) == {"ST1-recommendation": [ADVICE]}


@pytest.mark.parametrize(
    "broken",
    [
        {"part": "strengths"},
        {"scale_key": ""},
        {"item_code": ""},
        {"lowest": 4, "highest": 2},
        {"highest": 6},
        {"text": ""},
        {"retired_at": timezone.now()},
    ],
)
def test_the_database_promises_it_too(cast: StateCast, broken: dict[str, Any]) -> None:
    row = added(cast)
    with cast.entered("admin"), pytest.raises(IntegrityError), transaction.atomic():
        BankText.objects.filter(pk=row.pk).update(**broken)


# --- two at once, and the history -----------------------------------------------------------------------------
def test_of_two_windows_the_second_is_told_what_stands_now(cast: StateCast) -> None:
    row = added(cast)
    changed(cast, row, kept("Mine."))
    with pytest.raises(StaleVersion) as refused:
        changed(cast, row, kept("Yours."))
    assert refused.value.current["text"] == "Mine."
    with reviews.acting(cast, "admin") as admin, pytest.raises(StaleVersion):
        bank.retire(read(row), version=1, by=admin)
    assert offered(cast) == {"ST1-recommendation": ["Mine."]}


def test_the_history_says_what_was_done(cast: StateCast) -> None:
    row = added(cast)
    changed(cast, row, kept("Mine.", highest=3))
    retired(cast, row)
    with cast.entered("admin"):
        rows = Change.objects.filter(table_name="fidelity_banktext").order_by("id")
        told = [each.text for each in sentences(rows)]
    assert told[0] == f"Added a text for reports: “{ADVICE}”"
    assert "Mine." in told[1]
    assert "highest rating it suits" in told[1]
    assert told[2].startswith("Set retirement to")


# --- who ------------------------------------------------------------------------------------------------------
def test_whoever_may_decide_the_policy_changes_the_bank(cast: StateCast) -> None:
    row = added(cast)
    for persona in ("trainer", "vr_liaison", "leader", "reviewer"):
        with pytest.raises(NotPermitted):
            added(cast, kept("Mine."), by=persona)
        with pytest.raises(NotPermitted):
            changed(cast, row, kept("Mine."), by=persona)


@pytest.mark.parametrize(
    ("persona", "sees"),
    [
        *((each, True) for each in ("admin", "trainer", "mh_liaison", "leader", "supervisor", "reviewer")),
        *((each, False) for each in ("specialist", "stakeholder", "payer", "operator")),
    ],
)
def test_who_writes_reports_sees_the_texts_of_the_own_state(world: Cast, persona: str, sees: bool) -> None:
    own = added(world.meridian)
    added(world.bayou, kept("Of the other state."))
    with reviews.acting(world.meridian, persona) as actor:
        assert list(BankText.objects.visible_to(actor)) == ([own] if sees else [])
        assert not BankText.objects.filter(text="Of the other state.").exists()  # the second wall, by itself


@pytest.mark.parametrize("persona", ["specialist", "stakeholder", "payer", "operator"])
def test_the_second_wall_shows_no_text_to_those_who_write_no_reports(cast: StateCast, persona: str) -> None:
    added(cast)
    with cast.entered(persona):
        assert not BankText.objects.exists()


@pytest.mark.parametrize("persona", ["trainer", "vr_liaison", "leader", "reviewer", "payer"])
def test_the_second_wall_lets_the_state_admin_alone_write(cast: StateCast, persona: str) -> None:
    row = added(cast)
    with reviews.acting(cast, persona):
        assert BankText.objects.filter(pk=row.pk).update(text="Mine.") == 0
    mine = BankText(state=cast.state, part="strengths", text="Mine.", form_key=uuid4())
    mine.saved_by = cast.people[persona]
    with (
        cast.entered(persona),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        mine.save()


def test_a_scale_of_ones_own_has_texts_of_its_own(world: Cast, cast: StateCast) -> None:
    """The other state knows no scale of that key."""
    with cast.entered("admin") as admin:
        add_scale(cast.state, text=SMALL, by=admin)
    own = kept(scale_key="our-scale", item_code="A1")
    assert added(cast, own).scale_key == "our-scale"
    with pytest.raises(Unacceptable, match="no such scale"):
        added(world.bayou, own)
