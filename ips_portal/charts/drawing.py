"""What every picture of ours shares: type, colors, bands, bare axes, and how it becomes bytes.

The object API of the charting library is used throughout (pyplot keeps global state). Text becomes outlines: the
picture needs no font where it is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from itertools import accumulate
from math import ceil
from statistics import fmean
from typing import Any
from xml.sax.saxutils import escape

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from ips_portal import typefaces

INK, MUTED, RULE = "#1b1b1b", "#565c65", "#dfe1e2"
# Light to dark: a higher band is a stronger tint, and each is named at the side.
BAND_TINTS = ("#f7f7f7", "#eef3f9", "#dfeaf5", "#cfe1f1")
POINT_SIZE = 9.0  # the smallest type on paper

STYLE: Any = {
    "svg.fonttype": "path",
    "svg.hashsalt": "ips-portal",
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "axes.unicode_minus": True,
}


@dataclass(frozen=True)
class Band:
    """A named stretch of the scale, from `minimum` upwards."""

    label: str
    minimum: int


def typeface(*, bold: bool = False, size: float = POINT_SIZE) -> FontProperties:
    return FontProperties(fname=str(typefaces.BOLD if bold else typefaces.REGULAR), size=size)


def wrapped(text: str, width: int) -> str:
    """At most three lines of about `width` characters; a band's label stands beside the picture."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(line if len(line) <= width + 3 else line[: width + 2] + "…" for line in lines[:3])


def bare(axes: Any) -> None:
    axes.tick_params(length=0, pad=5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#a9aeb1")


def percent_or_number(value: float, *, is_share: bool) -> str:
    """A share in whole percent, a half rounded up; another number with one decimal where it needs it."""
    number = Decimal(str(round(value * (100 if is_share else 10), 6))).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{number}%" if is_share else f"{number / 10}"


def top_and_ticks(highest: float, *, is_share: bool) -> tuple[float, list[float]]:
    """A round end of an axis that begins at 0, a little above the highest value; a share ends at 100%."""
    wanted = max(highest * 1.08, 0.1 if is_share else 1.0)
    wanted = min(wanted, 1.0) if is_share else wanted
    steps = [base * 10.0**power for power in range(-2, 5) for base in (1, 2, 5)]
    step = next((step for step in steps if wanted / step <= 7), wanted)
    count = ceil(wanted / step - 1e-9)
    return round(count * step, 4), [round(number * step, 4) for number in range(count + 1)]


def apart(wanted: Sequence[float], heights: Sequence[float], lowest: float, highest: float) -> list[float]:
    """Where the middles of labels go so that none overlaps, each as near to where it belongs as the others let it.

    Labels that would touch form a block, which stands where its labels are wrong by least; blocks that touch join.
    """
    order = sorted(range(len(wanted)), key=lambda number: (wanted[number], -number))
    ends = list(accumulate(heights[number] for number in order))
    middles = [end - heights[number] / 2 for end, number in zip(ends, order, strict=True)]
    blocks: list[list[float]] = []
    for number, middle in zip(order, middles, strict=True):
        block = [wanted[number] - middle]
        while blocks and fmean(blocks[-1]) > fmean(block):
            block = blocks.pop() + block
        blocks.append(block)
    shifts = [fmean(block) for block in blocks for _ in block]
    room = highest - (ends[-1] if ends else 0)
    placed = [0.0] * len(wanted)
    for number, middle, shift in zip(order, middles, shifts, strict=True):
        placed[number] = max(min(shift, room), lowest) + middle
    return placed


def fitted(text: str, width: float, lines: int, *, ending: str = "", bold: bool = False) -> str:
    """The text on so many lines of so many points. Too long a text loses its last words; the ending always stays."""
    words = text.split()
    shorter = [" ".join(words[:count]).rstrip(",:;") + "…" for count in range(len(words) - 1, 0, -1)]
    shorter += [words[0][:count] + "…" for count in range(len(words[0]) - 1, 0, -1)] if words else []
    for kept in (text, *shorter):
        found = _broken([*kept.split(), *([ending] if ending else [])], width, bold)
        if len(found) <= lines and all(_width(line, bold) <= width for line in found):
            return "\n".join(found)
    return ending


def _broken(tokens: Sequence[str], width: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for token in tokens:
        longer = f"{lines[-1]} {token}" if lines else token
        if not lines or _width(longer, bold) > width:
            lines.append(token)
        else:
            lines[-1] = longer
    return lines


@lru_cache(4096)
def _width(text: str, bold: bool) -> float:
    return float(TextPath((0, 0), text, prop=typeface(bold=bold)).get_extents().x1) if text.strip() else 0.0


def svg(figure: Figure, title: str, description: str) -> bytes:
    """The picture with words that say what it shows."""
    head, body = _drawn(figure)
    # Two pictures in one page must not share ids.
    key = sha256(f"{title}\n{description}\n{body}".encode()).hexdigest()[:10]
    words = f'<title id="t{key}">{escape(title)}</title><desc id="d{key}">{escape(description)}</desc>'
    return f'{head} role="img" aria-labelledby="t{key} d{key}">{words}{body}'.encode()


def _drawn(figure: Figure) -> tuple[str, str]:
    """The opening of the root and the rest, without date, program name and XML prologue."""
    typefaces.directories()
    out = BytesIO()
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    drawn = out.getvalue().decode()
    head, body = drawn[drawn.index("<svg") :].split(">", 1)
    return head, body
