"""A Django template and its context in, accessible PDF bytes (PDF/UA-1) out. The only import of WeasyPrint and pikepdf.

Nothing is fetched: not from the network, not from disk. A template may show only the pictures handed over with it, as
`<img src="picture:NAME" alt="...">`; fonts come from `typefaces`. Any other address ends the rendering. The same
context gives the same bytes, so a stored file can be found by the hash of what it was made from.

What templates must do: extend `pdf/base_pdf.html`, give every table a `<caption>` (a table without one is taken for the
rest of the table before it) and every picture an `alt`.
"""

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from io import BytesIO

import pikepdf
from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from ips_portal import typefaces
from ips_portal.pdf.tags import finish_tags

KINDS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
    b"<svg": "image/svg+xml",
}

# Seven lines for every document say nothing that the report request does not.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


class AddressRefused(RuntimeError):
    """A template asked for something that was not handed over with it."""


class Pictures(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type information
    """Serves the pictures of one document and refuses every other address, whatever its scheme.

    A refusal is fatal: no template of ours asks for anything else, so it is a mistake or an attack, and a paper with a
    hole in it must not pass for the real one. It is also remembered, because WeasyPrint swallows whatever is raised
    while it draws an SVG picture.
    """

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("picture",), allow_redirects=False, fail_on_errors=True)
        self.refused: list[str] = []
        self.pictures = {f"picture:{name}": content for name, content in pictures.items()}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        content = self.pictures.get(url)
        kind = _kind(content) if content is not None else None
        if content is None or kind is None:
            wrong = "A picture must be SVG, PNG, JPEG or WebP" if content else "Paper may not load"
            self.refused.append(f"{wrong}: {url[:200]}")
            raise FatalURLFetchingError(self.refused[-1])
        return URLFetcherResponse(url, content, {"Content-Type": kind})


def _kind(content: bytes) -> str | None:
    return next((kind for start, kind in KINDS.items() if content.startswith(start)), None)


def render(
    template: str,
    context: Mapping[str, object],
    *,
    title: str,
    language: str = "en",
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The finished PDF. `title` becomes the document's title, `pictures` maps the names used in `picture:` addresses.

    Raises AddressRefused when the template asks for any other address, typefaces.FontsMissing without built assets.
    """
    typefaces.install()
    html = typefaces.legible(render_to_string(template, {**context, "title": title, "language": language}))
    return finish(draw(html, pictures or {}))


def draw(html: str, pictures: Mapping[str, bytes]) -> bytes:
    """As WeasyPrint leaves it: not yet finished."""
    # fontTools stamps the subsets it writes with this time; a fixed one keeps the bytes the same.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    identifier = sha256(html.encode()).digest()[:16]
    fetcher = Pictures(pictures)
    drawn = b""
    with suppress(FatalURLFetchingError):  # a BaseException: unnamed, it would end the worker's loop
        drawn = HTML(string=html, url_fetcher=fetcher).write_pdf(
            pdf_variant="pdf/ua-1", pdf_identifier=identifier
        )
    if fetcher.refused:
        raise AddressRefused(fetcher.refused[0])
    return drawn


def finish(drawn: bytes) -> bytes:
    """The drawn file with the tags a reader needs, and certainly without files inside."""
    with pikepdf.open(BytesIO(drawn)) as document:
        if len(document.attachments) or "/AF" in document.Root:
            raise AddressRefused("Paper may not carry files.")
        finish_tags(document)
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def pages(made: bytes) -> int:
    with pikepdf.open(BytesIO(made)) as document:
        return len(document.pages)
