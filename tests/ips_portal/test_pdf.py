"""Paper loads nothing from anywhere, carries nothing inside, and is tagged for people who cannot see it."""

import http.server
import io
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import override_settings

from ips_portal import pdf, typefaces
from ips_portal.charts import Band, TotalPoint, total_trend
from ips_portal.pdf import AddressRefused
from tests.pdfua import verify

SECRET = "the-planted-secret-of-this-test"
HEAD = '<!doctype html><html lang="{{ language }}"><head><title>{{ title }}</title></head><body>'
LONG_TABLE = (
    HEAD
    + """<style>@page { @top-left { content: "Running head" } } tr { height: 60mm }</style><h1>{{ title }}</h1>
<table><caption>Rows</caption><thead><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead><tbody>
{% for row in rows %}<tr><th scope="row">row {{ row }}</th><td>value {{ row }}</td></tr>{% endfor %}</tbody></table>
<table><caption>Other</caption><thead><tr><th scope="col">Name</th></tr></thead><tbody><tr><td>x</td></tr></tbody>
</table><figure><img src="picture:chart" alt="Totals rise."><figcaption>Totals</figcaption></figure>
<p><a href="#end">To the end</a></p><p id="end">End</p>"""
)

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">%s</svg>'
LOADS = {
    "image": '<img src="{{ address }}">',
    "image set": '<img srcset="{{ address }} 2x" src="{{ address }}">',
    "picture tag": '<picture><source srcset="{{ address }}"><img src="{{ address }}"></picture>',
    "object": '<object data="{{ address }}"></object>',
    "embed": '<embed src="{{ address }}">',
    "iframe": '<iframe src="{{ address }}"></iframe>',
    "video poster": '<video poster="{{ address }}"></video>',
    "style sheet": '<link rel="stylesheet" href="{{ address }}">',
    "icon": '<link rel="icon" href="{{ address }}">',
    "import": '<style>@import url("{{ address }}");</style>',
    "import as text": '<style>@import "{{ address }}";</style>',
    "background": '<p style="background: url({{ address }})">x</p>',
    "page background": '<style>@page { background: url("{{ address }}") }</style>',
    "margin box": '<style>@page { @top-left { content: url("{{ address }}") } }</style>',
    "content": '<style>p::before { content: url("{{ address }}") }</style><p>x</p>',
    "list marker": '<ul style="list-style-image: url({{ address }})"><li>x</li></ul>',
    "border image": '<p style="border: 2px solid; border-image: url({{ address }}) 1">x</p>',
    "cursor": '<p style="cursor: url({{ address }}), auto">x</p>',
    "font": '<style>@font-face { font-family: F; src: url("{{ address }}") } p { font-family: F }</style><p>x</p>',
    "colour profile": '<style>@color-profile --c { src: url("{{ address }}") }</style>'
    '<p style="color: color(--c 1 0 0)">x</p>',
    "attachment": '<a rel="attachment" href="{{ address }}">x</a>',
    "attached file": '<link rel="attachment" href="{{ address }}">',
    "base": '<base href="{{ address }}"><img src="x.png">',
    "svg image": SVG % '<image href="{{ address }}" width="9" height="9"/>',
    "svg use": SVG % '<use href="{{ address }}#a"/>',
    "svg style": SVG % '<style>@import "{{ address }}";</style>',
    "include": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{{ address }}"/>',
    "refresh": '<meta http-equiv="refresh" content="0;url={{ address }}">',
}


def paper(text: str, context: dict[str, object] | None = None, **pictures: bytes) -> bytes:
    """Render a template given as text, the way a file of ours would be."""
    loaders = [("django.template.loaders.locmem.Loader", {"paper.html": text})]
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": loaders}}
    with override_settings(TEMPLATES=[engine]):
        return pdf.render("paper.html", context or {}, title="A paper", pictures=pictures)


def opened(content: bytes) -> Any:
    return pikepdf.open(io.BytesIO(content))


def elements(document: Any, kind: str) -> list[Any]:
    """Structure elements of one kind, in reading order; the document must stay open while they are used."""
    found: list[Any] = []
    waiting: list[Any] = [document.Root.StructTreeRoot.K]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(reversed(list(node)))
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            if node["/S"] == f"/{kind}":
                found.append(node)
            waiting.append(node.get("/K", pikepdf.Array()))
    return found


@pytest.fixture(scope="module")
def chart() -> bytes:
    points = [TotalPoint("Oct 2024", 88), TotalPoint("Oct 2025", 95)]
    return total_trend(
        points, [Band("Fair", 74)], lowest=25, highest=125, title="Totals", description="Rising."
    )


@pytest.fixture(scope="module")
def long_paper(chart: bytes) -> bytes:
    return paper(LONG_TABLE, {"rows": range(9)}, chart=chart)


@pytest.fixture(scope="module")
def tagged(long_paper: bytes) -> Any:
    return opened(long_paper)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that writes down who asks, and sends them on to a file."""
    asked: list[str] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/leak", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("payload", LOADS)
@pytest.mark.parametrize("scheme", ["network", "file", "data"])
def test_no_template_reaches_the_network_a_file_or_an_address_of_its_own(
    payload: str, scheme: str, listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    target = {"network": address, "file": secret.as_uri(), "data": "data:text/plain;base64,c2VjcmV0"}[scheme]
    made = b""
    with suppress(AddressRefused):  # where WeasyPrint does not know this way of loading, a paper is made
        made = paper(HEAD + LOADS[payload], {"address": target})
    if made:
        content = opened(made)
        assert not content.attachments
        streams = b"".join(item.read_bytes() for item in content.objects if isinstance(item, pikepdf.Stream))
        assert SECRET.encode() not in streams
    assert asked == []


def test_an_image_that_was_not_handed_over_ends_the_rendering_with_an_ordinary_error() -> None:
    with pytest.raises(AddressRefused, match="http://127"):
        paper(HEAD + '<img src="http://127.0.0.1:9/x.png" alt="x">')
    with pytest.raises(AddressRefused, match="picture:other"):
        paper(HEAD + '<img src="picture:other" alt="x">')


def test_a_handed_over_picture_may_not_ask_for_more(chart: bytes, listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    spying = chart.replace(b"</svg>", f'<image href="{address}" width="9" height="9"/></svg>'.encode())
    with pytest.raises(AddressRefused):
        paper(HEAD + '<img src="picture:chart" alt="x">', chart=spying)
    assert asked == []


def test_a_picture_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(AddressRefused, match="SVG, PNG"):
        paper(HEAD + '<img src="picture:logo" alt="x">', logo=b"%PDF-1.7 something else")


def test_a_picture_cannot_be_taken_along_as_an_attachment(chart: bytes) -> None:
    with pytest.raises(AddressRefused, match="files"):
        paper(HEAD + '<link rel="attachment" href="picture:chart"><p>x</p>', chart=chart)


def test_markup_in_text_is_printed_as_text() -> None:
    made = paper(
        HEAD + "<p>{{ text }}</p>", {"text": '<img src="http://127.0.0.1:9/x.png"><script>1</script>'}
    )
    assert len(elements(opened(made), "Figure")) == 0


def test_the_validator_finds_nothing_to_object_to(long_paper: bytes) -> None:
    assert verify(long_paper) == []


def test_the_validator_does_object_to_a_file_without_tags() -> None:
    document = opened(paper(HEAD + "<p>x</p>"))
    del document.Root.StructTreeRoot
    out = io.BytesIO()
    document.save(out)
    assert any("logical structure" in failure for failure in verify(out.getvalue()))


def test_a_table_cut_by_page_ends_is_one_table_with_one_head(tagged: Any) -> None:
    assert len(tagged.pages) > 3
    tables = elements(tagged, "Table")
    assert len(tables) == 2
    assert len(elements(tagged, "THead")) == 2
    assert len(elements(tagged, "TR")) == 1 + 9 + 2
    heads = {bytes(cell.ID) for cell in elements(tagged, "TH")}
    for cell in elements(tagged, "TD"):
        assert {bytes(key) for key in cell.A.Headers} <= heads


def test_every_header_cell_says_whether_it_heads_a_column_or_a_row(tagged: Any) -> None:
    scopes = [str(cell.A.Scope) for cell in elements(tagged, "TH")]
    assert sorted(scopes) == ["/Column"] * 3 + ["/Row"] * 9


def test_running_heads_and_repeated_table_heads_are_artifacts(tagged: Any) -> None:
    for number, page in enumerate(tagged.pages):
        marks = [i for i in pikepdf.parse_content_stream(page) if str(i.operator) == "BDC"]
        pagination = [mark for mark in marks if str(mark.operands[0]) == "/Artifact"]
        assert pagination, f"page {number + 1} has no artifact"
        assert all(mark.operands[1]["/Type"] == "/Pagination" for mark in pagination)


def test_a_caption_belongs_to_its_figure(tagged: Any) -> None:
    (figure,) = elements(tagged, "Figure")
    assert str(figure.Alt) == "Totals rise."
    assert [str(kid.S) for kid in figure.K if isinstance(kid, pikepdf.Dictionary)] == ["/Caption"]


def test_links_are_printed(tagged: Any) -> None:
    flags = [int(link.F) for page in tagged.pages for link in page.get("/Annots", [])]
    assert flags
    assert all(flag & 4 for flag in flags)


def test_title_and_language_are_in_the_file(tagged: Any) -> None:
    assert str(tagged.docinfo["/Title"]) == "A paper"
    assert str(tagged.Root.Lang) == "en"


def test_the_same_context_gives_the_same_bytes(long_paper: bytes, chart: bytes) -> None:
    assert paper(LONG_TABLE, {"rows": range(9)}, chart=chart) == long_paper
    assert paper(LONG_TABLE, {"rows": range(8)}, chart=chart) != long_paper


def test_only_the_fonts_of_the_portal_are_used() -> None:
    made = paper(HEAD + "<p style=\"font-family: 'DejaVu Sans', serif\">Plain, <b>bold</b>, жΩ→✓</p>")
    document = opened(made)
    fonts = [
        item for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
    ]
    names = {str(font["/BaseFont"]) for font in fonts}
    assert names
    assert all("Public-Sans" in name or "PublicSans" in name or "Source-Sans" in name for name in names), (
        names
    )


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Ana Žižková, Ελλάδα, 5 ≥ 3 → done", "Ana Žižková, Ελλάδα, 5 ≥ 3 → done"),
        ("good \U0001f600", "good [grinning face]"),
        ("a\x00b\x0bc\u202ed\u200be", "abcde"),
        ("one\u2028two\u3000three", "one two three"),
        ("\uff21na", "Ana"),
        ("\ue000", "[u+e000]"),
    ],
)
def test_what_no_font_can_draw_is_spelled_out(typed: str, written: str) -> None:
    assert typefaces.legible(typed) == written


def test_paper_with_characters_no_font_has_still_complies() -> None:
    assert (
        verify(paper(HEAD + "<h1>{{ title }}</h1><p>{{ text }}</p>", {"text": "\U0001f600 \u6f22 \u0627"}))
        == []
    )


def test_without_built_assets_the_error_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(typefaces, "REGULAR", tmp_path / "PublicSans-Regular.ttf")
    with pytest.raises(typefaces.FontsMissing, match=r"manage\.py assets"):
        typefaces.directories()
