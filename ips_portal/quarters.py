"""The calendar quarter: a value that knows its dates, its neighbours, and how people write it.

Which quarter a moment belongs to is decided in one place: the day of the state's own zone (`State.today`) goes in.
Source: domain reference 3.1 (calendar quarters, whatever fiscal year a department uses).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Self

MONTHS: tuple[str, ...] = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
)
MONTHS += ("October", "November", "December")
EARLIEST, LATEST = 1990, 2100
SHAPE = re.compile(r"\s*(\d{4})\s*[-/ ]?\s*[Qq]\s*([1-4])\s*", re.ASCII)
FISCAL = re.compile(r"\s*(FFY|SFY|FY)\s*'?(\d{2}|\d{4})\s*[-/ ]?\s*Q\s*([1-4])\s*", re.ASCII | re.IGNORECASE)


class NotAQuarter(ValueError):
    """The text names no quarter; the message says how to write one."""


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int  # 1 to 4

    def __post_init__(self) -> None:
        if not (EARLIEST <= self.year <= LATEST and 1 <= self.number <= 4):
            raise NotAQuarter(f"Use a year from {EARLIEST} to {LATEST} and a quarter, such as 2026 Q1.")

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def last_ended(cls, today: date) -> "Quarter":
        return cls.of(today) - 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Takes "2026-q3", "2026 Q3" and "2026Q3". Raises NotAQuarter."""
        if found := SHAPE.fullmatch(text):
            return cls(int(found[1]), int(found[2]))
        if found := FISCAL.fullmatch(text):
            raise NotAQuarter(_fiscal(found[1].upper(), found[2], int(found[3])))
        raise NotAQuarter("Use year and quarter, such as 2026 Q1.")

    def __str__(self) -> str:
        return f"{self.year} Q{self.number}"

    @classmethod
    @lru_cache(maxsize=512)
    def at(cls, index: int) -> Self:
        return cls(index // 4, index % 4 + 1)

    @property
    def index(self) -> int:
        """Neighbours differ by one, so a frame or a column can count with it."""
        return self.year * 4 + self.number - 1

    def __add__(self, quarters: int) -> "Quarter":
        return type(self).at(self.index + quarters)

    def __sub__(self, quarters: int) -> "Quarter":
        return self + -quarters

    def since(self, other: "Quarter") -> int:
        """How many quarters this one is after the other."""
        return self.index - other.index

    def last(self, count: int) -> tuple["Quarter", ...]:
        """The `count` quarters up to and with this one, oldest first."""
        return tuple(self - back for back in range(count - 1, -1, -1))

    @property
    def slug(self) -> str:
        return f"{self.year}-q{self.number}"

    @property
    def months(self) -> str:
        """Such as "July-September 2026": nobody has to know which quarter is the third."""
        first = self.number * 3 - 3
        return f"{MONTHS[first]}-{MONTHS[first + 2]} {self.year}"

    @property
    def starts_on(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def ends_on(self) -> date:
        return (self + 1).starts_on - timedelta(days=1)

    @property
    def opens_on(self) -> date:
        """A draft may be begun in the quarter's last month. Source: domain reference 3.3, V10."""
        return date(self.year, self.number * 3, 1)

    def has_ended(self, today: date) -> bool:
        return today > self.ends_on

    def is_open(self, today: date) -> bool:
        return today >= self.opens_on

    def due_on(self, days: int) -> date:
        """The last day in time, so many days after the quarter's last one."""
        return self.ends_on + timedelta(days=days)


def _fiscal(kind: str, year: str, number: int) -> str:
    """A fiscal quarter is told from a calendar one. The federal year begins in October; a state's is its own."""
    if kind != "FFY":
        return "The portal uses calendar quarters, not those of a fiscal year. Use year and quarter, such as 2026 Q1."
    full = int(year) if len(year) == 4 else 2000 + int(year)
    meant = Quarter(full - 1, 4) + (number - 1)
    return (
        f"The portal uses calendar quarters. FFY {full} Q{number} is {meant.months}. "
        f"If that is what you mean, write {meant}."
    )
