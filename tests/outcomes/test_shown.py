"""What a publication says to whom: numbers or words, never a number in words. Source: trust reference 2.4."""

from ips_portal.quarters import Quarter
from outcomes.suppression.cells import FOUR_QUARTERS, STATE, Level, Period, Place, Reported
from outcomes.suppression.choosing import publish
from outcomes.suppression.practice import published
from outcomes.suppression.rules import Rules
from outcomes.suppression.shown import Row, peers, stakeholders

RULES = Rules()
LAST = Quarter(2025, 4)
YEAR = Period(LAST, FOUR_QUARTERS)


def year(**served: int) -> list[Reported]:
    """Four like quarters of agencies with one team each; half of the people work."""
    return [
        Reported(name, name, quarter, {"served": count, "employed": count // 2})
        for name, count in served.items()
        for quarter in LAST.last(FOUR_QUARTERS)
    ]


def percent(rows: list[Row], measure: str) -> list[int | None]:
    return [row.percent for row in rows if row.key.measure == measure]


def test_peers_read_every_place_and_what_is_hidden_has_neither_number_nor_rate() -> None:
    publication = published(3, RULES)
    rows = peers(publication, [Period(LAST), YEAR])
    hidden = [row for row in rows if row.value is None]
    assert {row.key.place.level for row in rows} == {Level.TEAM, Level.AGENCY, Level.STATE}
    assert hidden
    assert {(row.value, row.percent) for row in hidden} == {(None, None)}
    assert all(row.value == 0 or row.value >= RULES.threshold for row in rows if row.value is not None)


def test_a_rate_is_shown_only_where_both_of_its_numbers_are() -> None:
    rows = {row.key: row for row in peers(published(3, RULES), [Period(LAST), YEAR])}
    for key, row in rows.items():
        served = next(
            each
            for other, each in rows.items()
            if (other.place, other.period, other.measure) == (key.place, key.period, "served")
        )
        assert row.percent is None or (row.value is not None and served.value is not None)


def test_rows_stand_in_the_order_of_names_whatever_the_figures_are() -> None:
    rows = peers(published(3, RULES), [YEAR])
    assert [row.key for row in rows] == sorted(row.key for row in rows)


def test_stakeholders_read_four_quarters_of_the_state_and_nothing_else() -> None:
    publication = publish(year(north=40, south=60, east=50), [Period(LAST), YEAR], RULES)
    rows = stakeholders(publication, [Period(LAST), YEAR], RULES)
    assert {(row.key.place, row.key.period) for row in rows} == {(STATE, YEAR)}
    assert percent(rows, "employed") == [50]


def test_stakeholders_read_no_total_that_is_nearly_all_one_agency_s() -> None:
    publication = publish(year(north=400, south=60, east=30), [YEAR], RULES)
    assert [row.value for row in stakeholders(publication, [YEAR], RULES)] == [None, None]
    assert [row.value for row in peers(publication, [YEAR]) if row.key.place == STATE] == [980, 1960]


def test_stakeholders_read_no_total_of_two_agencies() -> None:
    publication = publish(year(north=40, south=60), [YEAR], RULES)
    assert [row.value for row in stakeholders(publication, [YEAR], RULES)] == [None, None]
    north = [row for row in peers(publication, [YEAR]) if row.key.place == Place(Level.AGENCY, "north")]
    assert [row.value for row in north] == [80, 160]
