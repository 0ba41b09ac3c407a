"""What stands in a cell where a number or a day belongs, and is none. Source: bad-input catalogue A and E11."""

import re
import unicodedata

AROUND = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff"  # spaces, those that do not break, and those nobody sees
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!")
FORMULA_SIGNS = ("=", "@")
SUM_OF_SIGNS = re.compile(r"[+-]?\d+([+*/-]\d+)+|[+-].*[A-Za-z(].*")
NO_ANSWER = {
    "n/a",
    "na",
    "n.a.",
    "-",
    "--",
    "\u2013",
    "\u2014",
    "none",
    "unk",
    "unknown",
    ".",
    "?",
    "x",
    "null",
    "nil",
    "tbd",
}
LONGEST = 24


def is_an_excel_error(typed: str) -> bool:
    """Excel's own word that a formula failed."""
    return typed.strip(AROUND).upper() in ERRORS


def is_a_formula(typed: str) -> bool:
    return typed.startswith(FORMULA_SIGNS) or bool(SUM_OF_SIGNS.fullmatch(typed))


def is_no_answer(typed: str) -> bool:
    return typed.casefold() in NO_ANSWER


def has_other_digits(typed: str) -> bool:
    return any(not char.isascii() and unicodedata.category(char) in ("Nd", "No", "Nl") for char in typed)


def short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
