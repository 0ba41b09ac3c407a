"""Which font files paper and charts are set in, so that they look the same on every machine.

Public Sans is the face of the screens (it comes with the USWDS package that `manage.py assets` installs); Source Sans 3
supplies Greek, Cyrillic and the signs Public Sans lacks. Nothing installed on the machine is used: a bare container
has no font at all, and a desktop has others.
"""

import os
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from xml.sax.saxutils import escape

from django.conf import settings
from fontTools.ttLib import TTFont

PUBLIC_SANS = Path(__file__).resolve().parent.parent / "static" / "build" / "fonts" / "public-sans"
REGULAR, BOLD = PUBLIC_SANS / "PublicSans-Regular.ttf", PUBLIC_SANS / "PublicSans-Bold.ttf"

# Characters that take part in the line without drawing anything: they need no glyph.
UNDRAWN = frozenset("\t\n\r\u00ad")


class FontsMissing(RuntimeError):
    """The assets have not been built, so there is nothing to write with."""


def directories() -> tuple[Path, ...]:
    if not (REGULAR.is_file() and BOLD.is_file()):
        raise FontsMissing(
            f"{REGULAR.name} is not in {PUBLIC_SANS}. Build the assets: python3 manage.py assets"
        )
    return PUBLIC_SANS, Path(str(files("fontpkg_source_sans_3"))) / "files"


@cache
def install() -> None:
    """Point fontconfig at our directories only; harmless when done again."""
    folder = Path(settings.DATA_DIR) / "typefaces"
    folder.mkdir(parents=True, exist_ok=True)
    listed = "".join(f"<dir>{escape(str(path))}</dir>" for path in directories())
    text = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig>{listed}<cachedir>{escape(str(folder / 'cache'))}</cachedir></fontconfig>\n"
    )
    path = folder / "fonts.conf"
    if not path.is_file() or path.read_text() != text:
        with NamedTemporaryFile("w", dir=folder, delete=False) as unfinished:
            unfinished.write(text)
        Path(unfinished.name).replace(path)
    os.environ["FONTCONFIG_FILE"] = str(path)


@cache
def drawable() -> frozenset[int]:
    """The code points that at least one of our fonts can draw."""
    points: set[int] = set()
    for folder in directories():
        for path in sorted(folder.glob("*.ttf")):
            with TTFont(path, lazy=True) as font:
                points |= set(font.getBestCmap())
    return frozenset(points)


class _Substitutes(dict[int, str]):
    """What to write for each character; filled while it is used."""

    def __missing__(self, point: int) -> str:
        self[point] = written = _written(chr(point))
        return written


_substitutes = _Substitutes()


def legible(text: str) -> str:
    """The text with every character that no font of ours draws spelled out as its name, [grinning face].

    A box in place of a character loses what was said, for the eye and for a screen reader, and PDF/UA-1 (7.21.8)
    forbids it. Control and formatting characters, which draw nothing, are left out.
    """
    return unicodedata.normalize("NFC", text).translate(_substitutes)


def _written(character: str) -> str:
    category = unicodedata.category(character)
    if character in UNDRAWN or (ord(character) in drawable() and category not in {"Cc", "Cf"}):
        return character
    if category.startswith("Z"):
        return " "
    if category in {"Cc", "Cf", "Cs", "Mn", "Me"}:
        return ""
    if ord(simple := unicodedata.normalize("NFKC", character)[:1]) in drawable():
        return simple if len(unicodedata.normalize("NFKC", character)) == 1 else _named(character)
    return _named(character)


def _named(character: str) -> str:
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"
