"""A state's official text of the anchors, as it is typed or pasted: one anchor a line, item, rating, text.

Source: domain reference 1.2; our own words stand wherever a state has loaded nothing.
"""

import re
from collections.abc import Mapping

from fidelity.scales import Scale, UnknownItem

Wording = Mapping[tuple[str, int], str]  # (item code, rating) -> text
LINE = re.compile(r"(?P<code>[A-Za-z]+\d+)[\s:,;]+(?P<level>\d)[\s:.,;)]+(?P<text>\S.*)")
SHOWN = 5


class WordingError(ValueError):
    """The text is not a list of anchors of this scale; says which lines are not, and why."""


def read(text: str, scale: Scale) -> dict[tuple[str, int], str]:
    """Raises WordingError. Blank lines are passed over."""
    found: dict[tuple[str, int], str] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            place, words = _anchor(line.strip(), scale)
            if place in found:
                raise WordingError(f"{place[0]} {place[1]} stands here a second time.")
            found[place] = words
        except WordingError as error:
            wrong.append(f"Line {number}: {error}")
    if wrong:
        more = f" And {len(wrong) - SHOWN} more lines." if len(wrong) > SHOWN else ""
        raise WordingError(" ".join(wrong[:SHOWN]) + more)
    return found


def write(wording: Wording, scale: Scale) -> str:
    """The lines that `read` reads, in the order of the scale."""
    return "\n".join(
        f"{item.code} {level} {wording[item.code, level]}"
        for item in scale.items
        for level in range(1, len(item.anchors) + 1)
        if (item.code, level) in wording
    )


def check(wording: Wording, scale: Scale) -> None:
    for code, level in wording:
        _place(code, level, scale)


def _anchor(line: str, scale: Scale) -> tuple[tuple[str, int], str]:
    parts = LINE.fullmatch(line)
    if parts is None:
        raise WordingError("expected an item, a rating and the text, such as “ST1 5 Twenty or fewer”.")
    return _place(parts["code"].upper(), int(parts["level"]), scale), parts["text"]


def _place(code: str, level: int, scale: Scale) -> tuple[str, int]:
    try:
        item = scale.item(code)
    except UnknownItem as error:
        raise WordingError(str(error)) from None
    if not 1 <= level <= len(item.anchors):
        raise WordingError(f"{code} is rated 1 to {len(item.anchors)}, not {level}.")
    return code, level
