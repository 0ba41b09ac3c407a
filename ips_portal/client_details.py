"""What in a text looks like details of a person served. Pure; a hint to whoever writes, no proof.

Every place that asks reads it here: notes on figures, what is said in meetings, briefs, and the cells of a file.
Source: trust reference, position on protected health information (name, date of birth, Social Security number,
Medicaid id), and T16; bad-input catalogue E17.
"""

import re

# Its shape, or its name: benefits counseling speaks of Social Security itself all the time.
SHAPED = r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])"
SOCIAL_NUMBER = re.compile(SHAPED)
SOCIAL = rf"{SHAPED}|\bSSN\b|\bsocial security (?:no\b|number|#)"
BIRTH = r"\bDOB\b|\bd\.o\.b\.|\bdate of birth\b|\bbirth ?date\b"
MEDICAID = r"\bMedicaid\s*(?:id\b|no\b|number|#)"
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a Social Security number", re.compile(SOCIAL, re.IGNORECASE)),
    ("a date of birth", re.compile(rf"{BIRTH}|\bborn (?:on|in)\b", re.IGNORECASE)),
    (
        "an id of a person",
        re.compile(rf"{MEDICAID}|\b(?:member|client|case)\s*(?:id|no\.?|number|#)", re.IGNORECASE),
    ),
    (
        "a long number, such as an id or a phone number",
        re.compile(r"\d{9}|\(?\d{3}\)?[ .-]?\d{3}[.-]\d{4}(?!\d)"),
    ),
    (
        "the name of a person served",
        re.compile(r"\b(?:[Cc]lient|[Cc]onsumer|[Pp]articipant|[Jj]ob ?seeker|[Pp]atient)\s+[A-Z][a-z]+"),
    ),
)
UNMISTAKABLE = re.compile(rf"{SOCIAL}|{BIRTH}|{MEDICAID}", re.IGNORECASE)
BORN = r"(?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|[12]\d|3[01])[/.-](?:19\d\d|200\d|\d\d)|(?:19\d\d|200\d)-\d\d-\d\d"
NUMBERED = r"\d{8,14}|[A-Za-z]{1,3}-?\d{5,11}[A-Za-z]{0,2}"
REACHED = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}|(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}"
IDENTIFIER = re.compile(rf"{NUMBERED}|{REACHED}")


def client_details(text: str) -> tuple[str, ...]:
    """What was found, in words; empty where nothing looks like it."""
    return tuple(words for words, pattern in KINDS if pattern.search(text))


def is_unmistakable(text: str) -> bool:
    """Something that a note in a file may not hold: the file is refused whole, and nothing of it is kept."""
    return bool(UNMISTAKABLE.search(text))


def holds_a_social_security_number(cell: str) -> bool:
    return bool(SOCIAL_NUMBER.search(cell))


def is_an_identifier(cell: str) -> bool:
    """The whole cell is an id, an address or a phone number."""
    return bool(IDENTIFIER.fullmatch(cell.strip()))


def may_be_a_birth_date(cell: str) -> bool:
    """The whole cell is a date, so long ago that somebody served could have been born on it."""
    return bool(re.fullmatch(BORN, cell.strip()))
