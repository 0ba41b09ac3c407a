"""Did a team run in a quarter? Then a report is expected of it; if not, the words why not.

Source: domain reference 3.3, V10; bad-input catalogue C4.
"""

from datetime import date

from ips_portal.quarters import Quarter


def ran(quarter: Quarter, began: date | None, ended: date | None) -> bool:
    """For a day of it at least. A team without a first day has not begun; on its last day it is closed already."""
    return began is not None and began <= quarter.ends_on and not was_closed(quarter, ended)


def was_closed(quarter: Quarter, ended: date | None) -> bool:
    return ended is not None and ended <= quarter.starts_on


def closed_words(team: str, quarter: Quarter, ended: date | None) -> str:
    """The same on the page, in the API and in the import; blank for a team that was not closed."""
    if ended is None or not was_closed(quarter, ended):
        return ""
    return (
        f"{team} closed on {ended:%B %-d, %Y}, before {quarter.months}. If it still runs, ask your state "
        "administrator to reopen it."
    )
