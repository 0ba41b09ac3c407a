"""What a person typed for one measure -> a number, or the reason it is none. Form, import and API ask here.

The same text gets the same verdict at every door; only the import takes 12.0 for 12, with a notice.
Source: bad-input catalogue, section A.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from ips_portal.importing.cells import AROUND, has_other_digits, is_a_formula, is_no_answer, short
from outcomes.figures import Figure, Number
from outcomes.measures import Measure

SUPPRESSED = re.compile(r"[<≤]\s*\d+|\*+")
PLAIN = re.compile(r"[+-]?\d+")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
DECIMAL = re.compile(r"[+-]?(\d+\.\d*|\.\d+)")
AS_MEANT = re.compile(r"(0|[1-9]\d*)(\.\d+)?")  # nothing was taken for something else
EXACT = re.compile(r"[0-9]+(\.[0-9]+)?")  # a decimal as a program writes it


class NotANumber(ValueError):
    """The text is no number of this measure. The message says what was entered and what to do."""


@dataclass(frozen=True)
class Reading:
    """`notice` says what was taken for the number where that is not what was typed."""

    value: Number
    notice: str = ""

    @property
    def figure(self) -> Figure:
        return Figure(self.value)


def read(text: str, measure: Measure, *, lenient: bool = False) -> Reading | None:
    """The number in a text; None where there is nothing in it. Raises NotANumber.

    `lenient` is the import's: a whole number written as 12.0 counts.
    """
    typed = text.strip(AROUND)
    if not typed:
        return None
    _refuse_other_things(typed)
    return _count(typed, measure, lenient) if measure.is_count else _decimal(typed, measure)


def read_strictly(value: object, measure: Measure) -> Reading | None:
    """The number a program sends: a count as a whole number, a decimal as text; None for no answer.

    A text that a form would refuse is refused in the form's words. Raises NotANumber.
    """
    if value is None:
        return None
    if measure.is_count and type(value) is int:  # a bool is an int to isinstance
        return Reading(_bounded(value, measure))
    if isinstance(value, str):
        reading = read(value, measure)
        if reading is not None and not measure.is_count and EXACT.fullmatch(value):
            return Reading(reading.value)
    if measure.is_count:
        raise NotANumber(f"{measure.key} must be a whole number, without quotes and without a decimal point.")
    raise NotANumber(f'{measure.key} must be a decimal as text, such as "2.50".')


def _refuse_other_things(typed: str) -> None:
    """Texts that stand where a number belongs, each with its own answer."""
    if SUPPRESSED.fullmatch(typed):
        raise NotANumber(
            f"“{short(typed)}” looks like a suppressed value. Enter the real count; "
            "the portal hides small counts itself."
        )
    if is_a_formula(typed):
        raise NotANumber(f"“{short(typed)}” is a formula. Enter its result.")
    if is_no_answer(typed):
        raise NotANumber(
            f"“{short(typed)}” is no number. If this was not collected, choose “Not collected” and say why. "
            "Blank is not zero."
        )
    if typed.startswith("#"):
        raise NotANumber(f"“{short(typed)}” is an error of a spreadsheet. Enter the number itself.")
    if has_other_digits(typed):
        raise NotANumber(f"Enter digits 0-9. “{short(typed)}” holds other digits.")


def _count(typed: str, measure: Measure, lenient: bool) -> Reading:
    if DECIMAL.fullmatch(typed):
        number = Decimal(typed)
        if number != int(number):
            raise NotANumber(f"Enter a whole number of {measure.unit}. You entered {short(typed)}.")
        _bounded(number, measure)
        if not lenient:
            raise NotANumber(
                f"Enter a whole number without a decimal point. You entered {short(typed)}; "
                f"did you mean {int(number)}?"
            )
        return Reading(int(number), f"{short(typed)} was read as {int(number)}.")
    if "," in typed and not GROUPED.fullmatch(typed):
        raise NotANumber(f"Check the comma in “{short(typed)}”.")
    plain = typed.replace(",", "")
    if not PLAIN.fullmatch(plain):
        raise NotANumber(f"Enter a whole number of {measure.unit}. You entered “{short(typed)}”.")
    bounded = _bounded(Decimal(plain), measure)  # first: Python makes no int of a few thousand digits
    value = int(bounded)
    return Reading(value, "" if str(value) == typed else f"{short(typed)} was read as {value}.")


def _decimal(typed: str, measure: Measure) -> Reading:
    amount = typed.removeprefix("$").strip(AROUND) if measure.unit == "dollars" else typed
    if measure.unit != "FTE" and GROUPED.fullmatch(amount):
        amount = amount.replace(",", "")
    if not (PLAIN.fullmatch(amount) or DECIMAL.fullmatch(amount)):
        raise NotANumber(
            f"{measure.label}: use a point and at most {_decimals(measure)}, such as 2.5. "
            f"You entered “{short(typed)}”."
        )
    value = Decimal(amount)
    _bounded(value, measure)  # first: what is far too long cannot be rounded
    if value != round(value, measure.places):
        raise NotANumber(f"{measure.label}: at most {_decimals(measure)}. You entered {short(typed)}.")
    value = Decimal(str(_bounded(round(value, measure.places) + 0, measure)))
    if measure.is_above_zero and not value:
        raise NotANumber(
            f"{measure.label} cannot be 0. If there were no cases, choose “Not collected” and say so."
        )
    return Reading(
        value, "" if AS_MEANT.fullmatch(typed) else f"{short(typed)} was read as {value.normalize():f}."
    )


def _bounded(value: Number, measure: Measure) -> Number:
    if value < 0:
        raise NotANumber(f"{measure.label} cannot be less than 0. You entered {short(str(value))}.")
    if value > measure.maximum:
        raise NotANumber(
            f"{short(str(value))} is larger than the portal accepts ({measure.maximum:,.10g}). Check for extra digits."
        )
    return value


def _decimals(measure: Measure) -> str:
    return "one decimal" if measure.places == 1 else "two decimals"
