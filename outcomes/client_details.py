"""What in a free text looks like details of a person served. Pure; a hint to whoever writes, no proof.

Source: trust reference, position on protected health information (name, date of birth, Social Security number,
Medicaid id).
"""

import re

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a Social Security number", re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)|\bSSN\b", re.IGNORECASE)),
    (
        "a date of birth",
        re.compile(r"\b(?:DOB|date of birth|birth ?date|born (?:on|in))\b", re.IGNORECASE),
    ),
    (
        "an id of a person",
        re.compile(r"\b(?:Medicaid|member|client|case)\s*(?:id|no\.?|number|#)", re.IGNORECASE),
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


def client_details(text: str) -> tuple[str, ...]:
    """What was found, in words; empty where nothing looks like it."""
    return tuple(words for words, pattern in KINDS if pattern.search(text))
