"""Programs share in full under a signed agreement, each of its own will. Source: trust reference 2.4, T-peer-exact."""

from datetime import timedelta

import pytest
from django.db import connection

from agencies import tenancy
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from ips_portal.notices.models import Message
from outcomes import notices, standing
from outcomes.actions import publication, sharing
from outcomes.models import FigureInFull, Publication, PublishedFigure, SharedRate, SharingAgreement
from outcomes.suppression.choosing import audit, publish
from outcomes.suppression.rules import Rules
from tests.cast import StateCast, refused
from tests.outcomes import quarters
from tests.outcomes.programs import PAPER, answers, given, published, says, signed, three_agencies


@pytest.fixture
def cast(db: None) -> StateCast:
    """East alone has a small count."""
    return three_agencies(north_two=17, east_one=7)


def exact(cast: StateCast, persona: str, measure: str = "employed") -> dict[str, int]:
    """As row-level security tells it, without any filter of the portal's; both walls must say the same."""
    with cast.entered(persona) as by:
        rows = FigureInFull.objects.filter(measure=measure)
        assert set(rows) == set(FigureInFull.objects.visible_to(by).filter(measure=measure))
        return dict(rows.values_list("team_name", "value"))


def hidden_totals(cast: StateCast, measure: str = "employed") -> bool:
    with tenancy.as_system(cast.state.pk):
        row = PublishedFigure.objects.get(measure=measure, length=1, agency=None, team=None)
    return row.value is None


def test_every_agency_that_takes_part_is_asked_and_its_leaders_are_told(cast: StateCast) -> None:
    made = signed(cast)
    with tenancy.as_system(cast.state.pk):
        assert {each.status for each in made.answers.all()} == {"waiting"}
        assert made.answers.count() == 3
        told = Message.objects.filter(notice="sharing-asked").values_list("person__email", flat=True)
        assert set(told) == {f"{name}@meridian.example" for name in ("leader", "other_leader", "east_leader")}
        sharing.ask_due(cast.state, cast.state.today())
        assert made.answers.count() == 3


def test_an_agreement_needs_its_paper_and_an_end(cast: StateCast) -> None:
    today = cast.state.today()
    good = {"title": "A", "signed_on": today, "starts_on": today, "ends_on": today + timedelta(days=90)}
    for wrong, words in (
        ({"paper": b"GIF89a"}, "not a whole PDF"),
        ({"paper": PAPER[:-10]}, "not a whole PDF"),
        ({"paper": b"%PDF-" + b"0" * (sharing.LARGEST_PAPER + 1)}, "the limit is 5 MB"),
        ({"ends_on": today}, "after the first day"),
        ({"signed_on": today + timedelta(days=1)}, "lies ahead"),
    ):
        with cast.entered("admin") as by, refused(Unacceptable, words):
            sharing.record(cast.state, **({"paper": PAPER} | good | wrong), by=by)  # type: ignore[arg-type]
    with cast.entered("trainer") as by, refused(NotPermitted):
        sharing.record(cast.state, **good, paper=PAPER, by=by)  # type: ignore[arg-type]
    signed(cast)
    with cast.entered("admin") as by, refused(Unacceptable, "Choose days before or after it"):
        sharing.record(cast.state, **good, paper=PAPER, by=by)  # type: ignore[arg-type]


@pytest.mark.parametrize(("first", "last", "overlaps"), [(0, 99, False), (0, 100, True), (150, 400, True)])
def test_two_agreements_hold_one_after_the_other(
    cast: StateCast, first: int, last: int, overlaps: bool
) -> None:
    today = cast.state.today()

    def record(title: str, first: int, last: int) -> None:
        days = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
        with cast.entered("admin") as by:
            sharing.record(cast.state, title=title, signed_on=today, **days, paper=PAPER, by=by)

    record("Next year", 100, 300)
    if overlaps:
        with refused(Unacceptable, "“Next year” holds from"):
            record("This year", first, last)
    else:
        record("This year", first, last)


def test_it_holds_for_quarters_that_had_not_opened_when_it_came(cast: StateCast) -> None:
    today = cast.state.today()
    with cast.entered("admin") as by:
        made = sharing.record(
            cast.state,
            title="Signed long ago",
            signed_on=today - timedelta(days=400),
            starts_on=today - timedelta(days=400),
            ends_on=today + timedelta(days=90),
            paper=PAPER,
            by=by,
        )
    assert made.from_quarter > quarters.last_quarter(cast)
    answers(cast, "north", "south", "east")
    assert [each.circle for each in published(cast)] == [[]]
    assert exact(cast, "leader") == {}


def test_only_a_leader_of_the_agency_answers_for_it(cast: StateCast) -> None:
    signed(cast)
    for persona in ("admin", "other_leader", "supervisor", "vr_liaison"):
        with cast.entered(persona) as by, refused(NotPermitted):
            says(cast, "north", by)
    answers(cast, "north")
    assert given(cast, "north").status == "accepted"


def test_who_gives_gets_and_who_does_not_give_does_not_get(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north", "south")
    answers(cast, "east", accepts=False)
    (made,) = published(cast)
    assert (len(made.circle), made.asked) == (2, 3)
    circle = {"Meridian North Team One": 18, "Meridian North Team Two": 17}
    circle |= {"Meridian South Team One": 23, "Meridian South Team Two": 16}
    for persona in ("leader", "supervisor", "other_supervisor", "admin"):
        assert exact(cast, persona) == circle
    for persona in ("east_leader", "specialist", "stakeholder", "payer", "reviewer", "operator"):
        assert exact(cast, persona) == {}


def test_the_circle_cannot_work_out_the_agency_that_stays_out(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north", "south")
    published(cast)
    assert hidden_totals(cast)
    last = quarters.last_quarter(cast)
    with tenancy.as_system(cast.state.pk):
        stands = standing.standing_of(list(Publication.objects.order_by("number")))
        reports = standing.reported(standing.basis_of(cast.state.pk, last))
    north = str(cast.agencies["north"].pk)
    assert len(stands.told[north]) == 4
    again = publish(reports, standing.periods_of(last), Rules(), stands)
    assert dict(again.facts) == dict(stands.facts)
    assert audit(again, Rules()) == []


def test_the_rounded_rate_of_the_state_waits_and_is_told_only_where_nobody_stays_out(cast: StateCast) -> None:
    quarter = quarters.last_quarter(cast)
    signed(cast)

    def rates() -> int:
        with tenancy.as_system(cast.state.pk):
            return SharedRate.objects.filter(quarter=quarter).count()

    assert rates() == 0
    answers(cast, "north", "south")
    published(cast)
    assert rates() == 0


def test_where_all_share_the_rounded_rate_is_told(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north", "south", "east")
    (made,) = published(cast)
    assert len(made.circle) == 3
    with tenancy.as_system(cast.state.pk):
        assert SharedRate.objects.filter(quarter=made.quarter).exists()


def test_who_withdraws_is_hidden_at_once_and_sees_nothing_more(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north", "south", "east")
    published(cast)
    assert len(exact(cast, "leader")) == 5
    answers(cast, "east", accepts=False)
    assert exact(cast, "east_leader") == {}
    assert "East Team" not in exact(cast, "leader")


def test_who_accepts_after_the_publication_waits_for_the_next(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north", "south")
    published(cast)
    answers(cast, "east")
    assert exact(cast, "east_leader") == {}
    assert "East Team" not in exact(cast, "leader")


def test_one_agency_alone_shares_with_nobody(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north")
    (made,) = published(cast)
    assert made.circle == []
    assert exact(cast, "leader") == {}


def test_after_the_last_day_and_after_an_early_end_nothing_is_shown_in_full(cast: StateCast) -> None:
    made = signed(cast)
    answers(cast, "north", "south")
    published(cast)
    today = cast.state.today()
    with tenancy.as_system(cast.state.pk):
        SharingAgreement.objects.filter(pk=made.pk).update(
            starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=1)
        )
    with cast.entered("leader"):
        assert not FigureInFull.objects.exists()
    with cast.entered("leader") as by, refused(WrongStatus):
        says(cast, "north", by, accepts=False)
    with tenancy.as_system(cast.state.pk):
        SharingAgreement.objects.filter(pk=made.pk).update(ends_on=today + timedelta(days=9))
        made.refresh_from_db()
    with cast.entered("leader"):
        assert FigureInFull.objects.exists()
    with cast.entered("trainer") as by, refused(NotPermitted):
        sharing.end(made, by=by)
    with cast.entered("admin") as by:
        sharing.end(made, by=by)
    with cast.entered("leader"):
        assert not FigureInFull.objects.exists()
    with cast.entered("admin") as by, refused(WrongStatus):
        sharing.end(made, by=by)


def test_a_figure_told_in_full_is_told_in_no_history(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north", "south")
    published(cast)
    with tenancy.as_system(cast.state.pk), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE values ? 'value') FROM agencies_change"
            " WHERE table_name = 'outcomes_figureinfull'"
        )
        kept, told = cursor.fetchone()
    assert kept
    assert told == 0


def test_an_answer_given_while_it_is_worked_out_is_not_passed_over(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(cast)
    answers(cast, "north", "south")
    keep = publication._keep

    def meanwhile(telling: publication.Telling) -> Publication | None:
        answers(cast, "south", accepts=False)
        monkeypatch.undo()
        return keep(telling)

    monkeypatch.setattr(publication, "_keep", meanwhile)
    made = published(cast)
    assert made == []
    assert [each.circle for each in published(cast)] == [[]]


# --- who is told that it is over ---
LEADS_STATE = {f"{name}@meridian.example" for name in ("admin", "trainer", "second_trainer")}


def told(cast: StateCast, notice: str) -> set[str]:
    with tenancy.as_system(cast.state.pk):
        return set(Message.objects.filter(notice=notice).values_list("address", flat=True))


def test_the_state_and_those_who_read_its_figures_are_told_that_an_agency_leaves(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north", "south")
    published(cast)
    answers(cast, "east")
    answers(cast, "east", accepts=False)
    assert told(cast, "sharing-left") == LEADS_STATE  # nobody else has read anything of it
    answers(cast, "south", accepts=False)
    assert told(cast, "sharing-left") == LEADS_STATE | {"leader@meridian.example"}
    with tenancy.as_system(cast.state.pk):
        message = Message.objects.get(notice="sharing-left", address="leader@meridian.example")
    assert cast.agencies["south"].name in message.subject
    assert "was read or downloaded before" in message.body


def test_all_who_have_read_its_figures_are_told_also_those_who_left_before(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "north", "south")
    published(cast)
    answers(cast, "north", accepts=False)
    answers(cast, "south", accepts=False)
    south = cast.agencies["south"].name
    with tenancy.as_system(cast.state.pk):
        messages = Message.objects.filter(notice="sharing-left", subject__contains=south)
        assert "leader@meridian.example" in messages.values_list("address", flat=True)


def test_who_never_shared_leaves_nothing_and_who_shares_again_is_not_told_of(cast: StateCast) -> None:
    signed(cast)
    answers(cast, "east", accepts=False)
    assert told(cast, "sharing-left") == set()
    answers(cast, "north")
    answers(cast, "north", accepts=False)
    with tenancy.as_system(cast.state.pk):
        message = Message.objects.filter(notice="sharing-left")[0]
        assert notices.still_left(cast.state, message.key, None)
    answers(cast, "north")
    with tenancy.as_system(cast.state.pk):
        assert not notices.still_left(cast.state, message.key, None)


def test_those_who_share_and_the_state_are_told_that_the_agreement_is_ended(cast: StateCast) -> None:
    made = signed(cast)
    answers(cast, "north", "south")
    answers(cast, "east", accepts=False)
    with cast.entered("admin") as by:
        sharing.end(made, by=by)
    sharing_ones = {"leader@meridian.example", "other_leader@meridian.example"}
    assert told(cast, "sharing-ended") == sharing_ones | LEADS_STATE - {"admin@meridian.example"}
    with tenancy.as_system(cast.state.pk):
        message = Message.objects.filter(notice="sharing-ended")[0]
    assert f"{cast.state.today():%B %-d, %Y}" in message.body


def test_of_an_agreement_that_never_began_nobody_is_told_that_it_was_in_force(cast: StateCast) -> None:
    made = signed(cast)
    answers(cast, "north", "south")
    with tenancy.as_system(cast.state.pk):
        SharingAgreement.objects.filter(pk=made.pk).update(starts_on=cast.state.today() + timedelta(days=1))
        made.refresh_from_db()
    page = f"/meridian/outcomes/sharing/{made.pk}/end/"
    assert "It has not begun, and will not begin." in cast.seen_by("admin").get(page).content.decode()
    with cast.entered("admin") as by:
        sharing.end(made, by=by)
    assert made.ended_at
    assert told(cast, "sharing-ended") == set()


def test_the_morning_after_the_last_day_tells_it_once(cast: StateCast) -> None:
    made = signed(cast)
    answers(cast, "north", "south")
    today = cast.state.today()
    for days, is_told in ((0, False), (1, True), (2, True)):
        with tenancy.as_system(cast.state.pk):
            SharingAgreement.objects.filter(pk=made.pk).update(
                starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=days)
            )
            notices.tell_of_ended(cast.state)
            assert Message.objects.filter(notice="sharing-ended").count() == (5 if is_told else 0)
