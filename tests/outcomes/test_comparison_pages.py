"""The lists of the comparison, page by page: every team and agency of a state, and none of them twice."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Agency, StatePolicy, Team
from outcomes.actions import need
from outcomes.dashboards import choosing
from outcomes.need import Estimate
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.outcomes import quarters

WHERE = "/meridian/outcomes/comparison/"
REPORTING = ("north_one", "north_two", "south_one")


@pytest.fixture
def cast(db: None) -> StateCast:
    """Three teams with figures in force and a review. The state asks whom agencies serve, and knows the need."""
    cast = make_cast().meridian
    with cast.entered("admin") as admin:
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.OUTCOMES,
            name="With whole agencies",
            effective_from=quarters.last_quarter(cast).starts_on - timedelta(days=800),
            data={"optional": ["agency_adults_served", "agency_adults_employed"]},
        )
        told = Estimate(2000, 500_000, cast.state.today() - timedelta(days=400), "Prevalence study")
        need.record(cast.state, estimate=told, by=admin)
    more_teams(cast, 2)
    for team in REPORTING:
        in_force(cast, team)
        reviews.issued(cast, team=team, score=4, days_ago=300)
    return cast


def in_force(cast: StateCast, team: str) -> None:
    persona = "other_leader" if team.startswith("south") else "leader"
    report = quarters.expected(cast, team)
    quarters.enter(cast, report, persona)
    quarters.accept(cast, quarters.submit(cast, report, persona))


def more_teams(cast: StateCast, count: int) -> None:
    with cast.entered("admin"):
        for number in range(count):
            named = f"{count}-{number}"
            agency = Agency.objects.create(
                state=cast.state, name=f"Late Center {named}", slug=f"center-{named}"
            )
            Team.objects.create(
                state=cast.state,
                agency=agency,
                name=f"Late Team {named}",
                slug=f"team-{named}",
                implementation_started_on=cast.state.today() - timedelta(days=900),
            )
    quarters.expected(cast)


def asked(cast: StateCast, where: str = WHERE, persona: str = "vr_liaison", **query: str) -> Any:
    answer = cast.seen_by(persona).get(where, query)
    assert answer.status_code == 200
    return answer


def listed(answer: Any, label: str) -> list[str]:
    """What stands first in each row of the table of that name."""
    text = answer.content.decode()
    assert text.count(f'aria-label="{label}"') == 1, label
    table = text.partition(f'aria-label="{label}"')[2].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th>', table.partition("<tbody>")[2], re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", row).split("  ")[0].strip() for row in rows]


def test_a_scale_with_one_total_names_no_part_of_it(cast: StateCast) -> None:
    page = asked(cast).content.decode()
    assert "Each point is a team: the total of its last official review, and its employment rate" in page
    assert '<th scope="col" class="number">Fidelity total</th>' in page
    assert page.count('data-label="Fidelity total">100</td>') == len(REPORTING)


TABLES = [
    ("Employment rate of each team over four quarters", "ROWS", "page"),
    ("Fidelity and employment rate of each team", "MORE_ROWS", "of-chart"),
    ("Reach of each agency", "MORE_ROWS", "of-agencies"),
]


@pytest.mark.parametrize(("label", "size", "name"), TABLES)
def test_a_list_stands_on_pages_and_nobody_twice(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch, label: str, size: str, name: str
) -> None:
    whole = [each for each in listed(asked(cast), label) if each != "Together"]
    assert len(whole) > 2
    monkeypatch.setattr(choosing, size, 2)
    pages = [listed(asked(cast, **{name: str(number)}), label) for number in (1, 2)]
    first, second = ([each for each in page if each != "Together"] for page in pages)
    assert first == whole[:2]
    assert second == whole[2:4]
    last = listed(asked(cast, **{name: "99"}), label)
    assert last[-1] == whole[-1]
    assert listed(asked(cast, **{name: "nonsense"}), label) == pages[0]


def test_each_list_is_turned_by_itself_and_keeps_the_quarter(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in ("ROWS", "MORE_ROWS"):
        monkeypatch.setattr(choosing, size, 1)
    slug = quarters.last_quarter(cast).slug
    text = asked(cast, quarter=slug, **{"of-chart": "2"}).content.decode()
    kept = f"?quarter={slug}&amp;of-chart=2"
    assert f'href="{kept}&amp;of-agencies=2#agencies"' in text
    assert f'href="{kept}&amp;page=2#outcome-teams"' in text
    assert f'href="?quarter={slug}&amp;of-chart=3#outcome-fidelity"' in text
    assert '<details class="more" open>' in text
    assert '<details class="more">' in asked(cast, quarter=slug).content.decode()
    labels = re.findall(r'<nav [^>]*aria-label="([^"]+)"', text)
    assert len(labels) == len(set(labels)), labels


@pytest.mark.parametrize("where", [WHERE, "/meridian/"])
def test_what_is_said_of_all_teams_does_not_depend_on_the_page(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def said(answer: Any) -> list[str]:
        text = answer.content.decode()
        parts = [text.partition('<dl class="numbers">')[2].partition("</section>")[0]]
        parts += [
            text.partition('aria-label="Employment rate of the state by quarter"')[2].partition("</table>")[0]
        ]
        return [*parts, str(answer.context["page"].completeness), str(answer.context["need"])]

    whole = said(asked(cast, where))
    assert "people served" in str(whole)
    for size in ("ROWS", "MORE_ROWS"):
        monkeypatch.setattr(choosing, size, 1)
    for number in ("1", "2"):
        assert said(asked(cast, where, page=number, **{"of-agencies": number, "of-chart": number})) == whole


@pytest.mark.parametrize("kind", ["teams", "fidelity", "agencies"])
def test_files_hold_every_row_whatever_the_page(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def rows() -> int:
        answer = cast.seen_by("vr_liaison").get(
            reverse(f"outcomes:{kind}-file", args=["meridian", "csv"]), {"page": "2", "of-agencies": "2"}
        )
        return len(answer.content.decode().splitlines())

    whole = rows()
    for size in ("ROWS", "MORE_ROWS"):
        monkeypatch.setattr(choosing, size, 1)
    assert rows() == whole


@pytest.mark.parametrize(("where", "most"), [(WHERE, 10), ("/meridian/", 12)])
def test_the_number_of_statements_is_small_and_does_not_grow(
    cast: StateCast, where: str, most: int, statements: Callable[[str], list[str]]
) -> None:
    few = statements(where)
    more_teams(cast, 30)
    many = statements(where)
    assert len(few) == len(many) <= most - 1, "\n".join(many)  # and one tells PostgreSQL for whom it is asked


@pytest.fixture
def statements(cast: StateCast) -> Callable[[str], list[str]]:
    liaison = cast.seen_by("vr_liaison")

    def of(where: str) -> list[str]:
        assert liaison.get(where).status_code == 200  # what a process learns once
        with CaptureQueriesContext(connection) as found:
            assert liaison.get(where).status_code == 200
        asked = [each["sql"] for each in found if each["sql"].startswith("SELECT")]
        return [sql for sql in asked if "set_config" not in sql]

    return of
