"""Contrast between two colors, as WCAG 2.1 computes it (relative luminance, success criteria 1.4.3 and 1.4.11)."""

import re

TEXT_MINIMUM = 4.5  # 1.4.3: text on its ground
EDGE_MINIMUM = 3.0  # 1.4.11: rules and signs on the page
WHITE = "#ffffff"
_HEX = re.compile(r"#[0-9a-f]{6}")


def parse(text: str) -> str:
    """A color as #rrggbb in small letters, or ValueError."""
    color = text.strip().lower()
    if re.fullmatch(r"#?[0-9a-f]{3}", color):
        color = "#" + "".join(letter * 2 for letter in color.lstrip("#"))
    if re.fullmatch(r"[0-9a-f]{6}", color):
        color = f"#{color}"
    if not _HEX.fullmatch(color):
        raise ValueError(
            f"{text[:20]} is not a color. Write # and six digits or letters a to f, such as #1a4480."
        )
    return color


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
