"""A state's logo: drawn anew from whatever was uploaded, so that nothing but pixels is stored, and kept privately."""

import hashlib
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, UnidentifiedImageError

from agencies.models import State

BIGGEST_FILE = 1024 * 1024
BIGGEST_PICTURE = 16_000_000  # pixels; a small file can unfold into very many
FRAME = (600, 200)
FORMATS = ("PNG", "JPEG", "WEBP")  # never SVG: it can carry a script


def redraw(content: bytes) -> bytes:
    """The picture as PNG inside the frame. Raises ValueError with what is wrong."""
    if len(content) > BIGGEST_FILE:
        raise ValueError(f"The file is {len(content) / 1024 / 1024:.1f} MB; the limit is 1 MB.")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > BIGGEST_PICTURE:
                raise ValueError(
                    f"The picture has {picture.width} x {picture.height} pixels. Send a smaller one."
                )
            drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(
            "This is not a picture the portal can read. Send a PNG, JPEG or WebP file."
        ) from error
    drawn.thumbnail(FRAME, Image.Resampling.LANCZOS)
    output = BytesIO()
    drawn.save(output, "PNG", optimize=True)
    return output.getvalue()


def keep(state: State, png: bytes) -> str:
    """Stores the drawn picture and returns its hash. Older logos stay: issued paper may name them."""
    sha256 = hashlib.sha256(png).hexdigest()
    name = path(state, sha256)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(png))
    return sha256


def read(state: State, sha256: str = "") -> bytes | None:
    """The state's logo as PNG, or the one of that hash; None when there is none."""
    sha256 = sha256 or state.logo_sha256
    if not sha256 or not default_storage.exists(path(state, sha256)):
        return None
    with default_storage.open(path(state, sha256)) as file:
        return bytes(file.read())


def path(state: State, sha256: str) -> str:
    return f"{state.slug}/logo-{sha256}.png"
