"""Which team and which scale a row of past reviews names, and what it is told where that is not clear."""

from dataclasses import replace
from datetime import date

import pytest

from fidelity.past.editions import Edition, Editions, NotAScale
from fidelity.past.preview import Outcome
from fidelity.past.rows import Reviewed
from tests.fidelity.past import HEAD, SCALE, look, only, row

ALPHA = Reviewed(3, "ACT", "act", "Alpha Services", partners=("Beta Care",))
HEADED = ["Agency", *HEAD]


def test_an_agency_that_does_not_run_the_team_is_a_problem_that_names_both() -> None:
    assert only(["Zeta Services", *row("ACT")], head=HEADED, teams=(ALPHA,)) == (
        "error",
        "B2",
        "“ACT” is a team of “Alpha Services”, not of “Zeta Services”. Check the team and the agency.",
    )


@pytest.mark.parametrize("agency", ["alpha  services", "Beta Care", "", "n/a"])
def test_an_agency_that_leads_the_team_or_runs_it_with_others_fits(agency: str) -> None:
    found = look([agency, *row("ACT")], head=HEADED, teams=(ALPHA,))
    assert [line.team for line in found.lines] == [ALPHA]
    assert found.is_all_good


def test_an_agency_tells_teams_of_one_name_apart_and_is_not_passed_over() -> None:
    gamma = Reviewed(4, "ACT", "act-2", "Gamma Home")
    found = look(
        *([agency, *row("ACT")] for agency in ("Gamma Home", "Zeta Services", "")),
        head=HEADED,
        teams=(ALPHA, gamma),
    )
    assert [line.team for line in found.lines] == [gamma, None, None]
    assert [line.outcome for line in found.lines] == [Outcome.GOOD, Outcome.WRONG, Outcome.WRONG]
    told = [remark.text for remark in found.remarks]
    assert told == [
        "“ACT” is a team of “Alpha Services” and “Gamma Home”, not of “Zeta Services”. Check the team and the agency.",
        "There is more than one “ACT”. Choose which, and write it so: act (Alpha Services); act-2 (Gamma Home).",
    ]


def test_of_teams_of_one_name_the_one_whose_slug_is_written_is_meant() -> None:
    """“Write it so: north” is followed, and not answered with the same words again."""
    twins = (Reviewed(5, "North", "north", "Alpha Services"), Reviewed(6, "North", "north-2", "Gamma Home"))
    asked = only(row("North"), teams=twins)[2]
    assert asked.endswith("write it so: north (Alpha Services); north-2 (Gamma Home).")
    found = look(row("north"), row("north-2"), teams=twins)
    assert [line.team for line in found.lines] == list(twins)


def test_a_slug_that_is_the_name_of_another_team_is_asked_about() -> None:
    teams = (Reviewed(5, "north", "first", "Alpha Services"), Reviewed(6, "South", "north", "Gamma Home"))
    assert "There is more than one “north”." in only(row("north"), teams=teams)[2]
    assert look(["Gamma Home", *row("north")], head=HEADED, teams=teams).lines[0].team == teams[1]


def test_an_agency_may_be_called_total_and_a_total_is_still_left_out() -> None:
    found = look(
        ["Total Care Inc", *row("Nroth")],
        ["Alpha Services", *row("Total")],
        ["Total", *[""] * len(HEAD)],
        head=HEADED,
    )
    skipped = Outcome.SKIPPED
    assert [line.outcome for line in found.lines] == [Outcome.WRONG, skipped, skipped]
    assert "There is no team called “Nroth”" in found.remarks[0].text


def test_a_name_of_two_scales_asks_for_the_key_and_a_key_wins_over_a_name() -> None:
    first, second, third = (
        Edition(number, replace(SCALE, key=key, name=name), date(2008, 1, 1))
        for number, (key, name) in enumerate(
            [("own-25", "State scale"), ("own-15", "State Scale"), ("other", "own-25")], start=1
        )
    )
    editions = Editions((first, second, third))
    with pytest.raises(NotAScale, match=r"is called “State scale”. Write one of: own-25, own-15\.$"):
        editions.match("State scale", None)
    assert [editions.match(key, None) for key in ("own-25", "own-15")] == [first, second]
    newer = replace(first, id=4, effective_from=date(2020, 1, 1))
    assert Editions((first, newer)).match("state scale", date(2021, 1, 1)) == newer
