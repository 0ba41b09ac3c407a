"""Does a column of a file seem to hold something about clients? Then it is refused whole, and nothing of it is kept.

Only the letter of the column is told: what stands in it goes nowhere, not even into a message.
Source: bad-input catalogue E17; trust reference, T16.
"""

import re
from collections.abc import Collection, Sequence

from ips_portal.client_details import (
    holds_a_social_security_number,
    is_an_identifier,
    is_unmistakable,
    may_be_a_birth_date,
)
from ips_portal.importing.columns import Names
from ips_portal.uploads.sheets import Row, column_name

WHO = "client|patient|consumer|participant|member|person|individual|beneficiary|recipient|enrollee"
WHAT = "name|id|ids|no|number|initials|code|identifier|address|phone|email"
HEADING = re.compile(
    rf"(?:{WHO})s?"
    rf"|(?:{WHO})s? ?(?:first |last |full )?(?:{WHAT})s?"
    r"|(?:first|last|full|middle|given|family|maiden) ?name|surname|initials"
    r"|(?:d o b|dob)|(?:date of )?birth ?(?:date|day)?|date of birth"
    r"|ssn|s s n|social security.*|soc sec.*|.*\bssn\b.*|.*\bdob\b.*"
    r"|(?:medicaid|medicare|mco|insurance|policy|chart|case|record|mrn) ?(?:id|ids|no|number|#)?"
    r"|medical record.*|diagnosis|diagnoses|icd ?10?|phone(?: number)?|e ?mail(?: address)?|home address|zip(?: code)?"
)


def client_column(
    rows: Sequence[Row],
    heading: int,
    names: Names,
    *,
    free: Collection[str] = (),
    has_old_dates: bool = False,
) -> str:
    """The letter of the first column that seems to hold client details, in its name or in a cell; blank for none.

    `names` are the known headings, as `columns.written` gives them; `free` are the keys of columns of free words.
    `has_old_dates`: days of long ago belong in such a file, so that one alone is no date of birth.
    """
    keys = {index: names.key(cell) for index, cell in enumerate(rows[heading].cells)}
    for index, cell in enumerate(rows[heading].cells):
        if not keys[index] and HEADING.fullmatch(worded(cell)):
            return column_name(index)
    others = [index for index, key in keys.items() if not key or key in free]
    for row in rows:
        if row is rows[heading] or not may_tell(row.cells, others):
            continue
        for index, cell in enumerate(row.cells):
            if seems_of_a_client(cell, keys.get(index), free, has_old_dates=has_old_dates):
                return column_name(index)
    return ""


def may_tell(cells: Sequence[str], others: Sequence[int]) -> bool:
    """Is there anything in a row to look at cell by cell? `others` are the columns that do not hold known things."""
    if any(cells[index] for index in others if index < len(cells)):
        return True
    return holds_a_social_security_number("\n".join(cells))


def seems_of_a_client(cell: str, key: str | None, free: Collection[str], *, has_old_dates: bool) -> bool:
    """`key` says what the column is for; None beside the table, blank where nobody knows."""
    if key in free:
        return is_unmistakable(cell)
    if holds_a_social_security_number(cell):
        return True
    return key == "" and (is_an_identifier(cell) or (not has_old_dates and may_be_a_birth_date(cell)))


def worded(heading: str) -> str:
    """Words apart and in lower case: "ClientID", "client_id" and "Client ID" are one."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return " ".join(re.sub(r"[^A-Za-z0-9#]+", " ", apart).lower().split())
