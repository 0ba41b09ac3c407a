"""What a cell says -> a rating, a total, a day, a kind: or the reason it says none. Files and the API ask here.

Ratings are whole numbers from 1 to 5 (domain reference 1.3, R1); a spreadsheet that writes 4.0 means 4.
Source: bad-input catalogue A4, A7, A15, A18 and C10.
"""

import re
from calendar import month_abbr, month_name, monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fidelity.scales import HIGHEST, LOWEST
from fidelity.scoring import RatingError, check_rating
from ips_portal.importing.cells import AROUND, has_other_digits, is_a_formula, is_no_answer, short

KINDS: Mapping[str, tuple[str, ...]] = {
    "external": ("external", "external review", "independent", "independent review"),
    "guided_self": ("guided self", "guided self-review", "guided_self", "guided self-assessment"),
    "self": ("self", "self-review", "self review", "self-assessment"),
}
PLACES: Mapping[str, tuple[str, ...]] = {
    "onsite": ("on site", "onsite", "on-site", "in person"),
    "virtual": ("virtual", "remote", "online"),
}
WHOLE = re.compile(r"[+-]?\d{1,12}")
DECIMAL = re.compile(r"[+-]?(\d{1,12}\.\d*|\.\d+)")
YEAR_FIRST = re.compile(r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})")
AMERICAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})")
NAMED_MONTH = re.compile(
    r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})|(\d{1,2}) ([A-Za-z]{3,9})\.? (\d{4})"
)
SERIAL = re.compile(r"\d{5}(\.\d+)?")
MONTHS = {
    name.casefold(): month for names in (month_name, month_abbr) for month, name in enumerate(names) if month
}
MONTHS["sept"] = 9
FIRST_YEAR = 1990  # fidelity of supported employment was first reviewed in that decade
EXCEL_DAY_ONE = date(1899, 12, 30)
HOW = "Write it as month/day/year with four digits for the year, such as 3/14/2019."


class Unread(ValueError):
    """The cell does not say what belongs there. The message says what was seen, what was expected, and what to do."""


@dataclass(frozen=True)
class Number:
    """`notice` says what was taken for the number where that is not what was typed."""

    value: int
    notice: str = ""


def rating(typed: str) -> Number | None:
    """None for a blank cell. Raises Unread."""
    text = typed.strip(AROUND)
    if not text:
        return None
    expected = f"a whole number from {LOWEST} to {HIGHEST}"
    if is_no_answer(text):
        raise Unread(f"“{short(text)}” is no rating. Enter the rating that was given: {expected}.")
    found = whole(text, expected)
    try:
        check_rating(found.value)
    except RatingError as problem:
        raise Unread(str(problem)) from None
    return found


def total(typed: str) -> Number | None:
    """None for a blank cell. Raises Unread."""
    text = typed.strip(AROUND)
    if not text or is_no_answer(text):
        return None
    return whole(text, "the total as a whole number, or leave the cell empty")


def whole(text: str, expected: str) -> Number:
    """4.0 counts as 4, with a notice; 4.5 does not. Raises Unread."""
    if is_a_formula(text):
        raise Unread(f"“{short(text)}” is a formula. Enter its result: {expected}.")
    if has_other_digits(text):
        raise Unread(f"Enter digits 0-9. “{short(text)}” holds other digits.")
    if DECIMAL.fullmatch(text):
        before, _, after = text.partition(".")
        if after.strip("0"):
            raise Unread(f"You entered {short(text)}; half points do not exist. Enter {expected}.")
        value = int(before or 0)
        return Number(value, f"{short(text)} was read as {value}.")
    if not WHOLE.fullmatch(text):
        raise Unread(f"You entered “{short(text)}”. Enter {expected}.")
    value = int(text)
    return Number(value, "" if str(value) == text else f"{short(text)} was read as {value}.")


def kind(typed: str) -> str:
    return _among(KINDS, typed, "a kind of review", "external, guided self or self")


def place(typed: str) -> str:
    """Blank where nobody noted it: nothing is guessed."""
    return (
        _among(PLACES, typed, "a place", "on site or virtual, or leave the cell empty")
        if typed.strip(AROUND)
        else ""
    )


def _among(words: Mapping[str, tuple[str, ...]], typed: str, noun: str, choices: str) -> str:
    wanted = plain(typed)
    for key, spelt in words.items():
        if wanted in map(plain, spelt):
            return key
    if not wanted:
        raise Unread(f"Say which {noun.removeprefix('a ')} it was: {choices}.")
    raise Unread(f"“{short(typed.strip(AROUND))}” is not {noun}. Write {choices}.")


def plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def day(typed: str) -> date | None:
    """None for a blank cell. Raises Unread: a day that does not exist is told with what the month has."""
    text = " ".join(typed.strip(AROUND).split())
    if not text:
        return None
    if is_a_formula(text) and not AMERICAN.fullmatch(text) and not YEAR_FIRST.fullmatch(text):
        raise Unread(f"“{short(text)}” is a formula. Enter the day itself. {HOW}")
    if has_other_digits(text):
        raise Unread(f"Enter digits 0-9. “{short(text)}” holds other digits.")
    if SERIAL.fullmatch(text):
        raise Unread(_serial(text))
    if found := YEAR_FIRST.fullmatch(text):
        year, month, number = int(found[1]), int(found[3]), int(found[4])
    elif found := AMERICAN.fullmatch(text):
        if len(found[3]) == 2:
            raise Unread(f"“{text}” has two digits for the year, so the century is not known. {HOW}")
        month, number, year = map(int, found.groups())
    elif (found := NAMED_MONTH.fullmatch(text)) and (found[1] or found[5]).casefold() in MONTHS:
        month = MONTHS[(found[1] or found[5]).casefold()]
        number, year = int(found[2] or found[4]), int(found[3] or found[6])
    else:
        raise Unread(f"“{short(text)}” is not a day. {HOW}")
    return existing(year, month, number, text)


def reads_both_ways(typed: str) -> bool:
    """Would the day be another one where people write it before the month? 3/3/2019 would not."""
    found = AMERICAN.fullmatch(typed.strip(AROUND))
    if not found:
        return False
    month, number = int(found[1]), int(found[2])
    return month != number and max(month, number) <= 12


def told(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def existing(year: int, month: int, number: int, text: str) -> date:
    """Raises Unread."""
    if not FIRST_YEAR <= year <= 2100:
        raise Unread(f"Check the year of “{short(text)}”: reviews are taken from {FIRST_YEAR} on. {HOW}")
    if not 1 <= month <= 12:
        raise Unread(f"“{short(text)}” has no month {month}. {HOW}")
    last = monthrange(year, month)[1]
    if not 1 <= number <= last:
        raise Unread(
            f"“{short(text)}” does not exist: {date(year, month, 1):%B %Y} has {last} days. Check the day."
        )
    return date(year, month, number)


def _serial(text: str) -> str:
    """How a spreadsheet keeps a day inside."""
    meant = EXCEL_DAY_ONE + timedelta(days=int(float(text)))
    return (
        f"“{text}” is how a spreadsheet keeps a day inside. If {told(meant)} is meant, "
        f"format the column as dates. {HOW}"
    )
