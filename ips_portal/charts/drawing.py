"""What every picture of ours shares: type, colors, bands, bare axes, and how it becomes bytes.

The object API of the charting library is used throughout (pyplot keeps global state). Text becomes outlines: the
picture needs no font where it is shown.
"""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

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


def svg(figure: Figure, title: str, description: str) -> bytes:
    """The picture without date, program name and XML prologue, and with words that say what it shows."""
    typefaces.directories()
    out = BytesIO()
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    drawn = out.getvalue().decode()
    head, body = drawn[drawn.index("<svg") :].split(">", 1)
    # Two pictures in one page must not share ids.
    key = sha256(f"{title}\n{description}\n{body}".encode()).hexdigest()[:10]
    words = f'<title id="t{key}">{escape(title)}</title><desc id="d{key}">{escape(description)}</desc>'
    return f'{head} role="img" aria-labelledby="t{key} d{key}">{words}{body}'.encode()
