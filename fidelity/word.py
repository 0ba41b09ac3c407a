"""A draft of a report as a Word document: what its page says, for those who go on writing or correct it by hand."""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Body
from docx.oxml import OxmlElement

from fidelity.paper import ReportPaper, report_paper
from fidelity.paper.report import ItemPaper, SectionPaper
from fidelity.paper.wording import Block

NOT_WRITTEN = "Not written yet."
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold


def draft_docx(snapshot: Mapping[str, Any], *, taken: str) -> bytes:
    """The draft of one snapshot: headings, tables and lists of Word's own styles, so that it can be worked on.

    `taken` says by whom and when: the document leaves the portal, and the draft goes on.
    """
    paper, body = report_paper(fit(snapshot)), Document()
    body.core_properties.title = f"{paper.head.title}, {paper.head.team}"
    body.core_properties.author = paper.head.program
    body.core_properties.language = "en-US"
    opening(body, paper, NOT_XML.sub("", taken))
    for heading, text in (
        ("Strengths", paper.strengths),
        ("About the team", paper.overview),
        ("How the review was done", paper.method),
        ("Next steps", paper.next_steps),
    ):
        body.add_heading(heading, 1)
        prose(body, text)
    body.add_heading("Scores", 1)
    for section in paper.sections:
        scores(body, section)
    for part in paper.parts:
        body.add_paragraph().add_run(f"{part.words}.").bold = True
    body.add_heading("What was found and what we recommend", 1)
    for section in paper.sections:
        body.add_heading(section.name, 2)
        for item in section.items:
            found(body, item)
    out = BytesIO()
    body.save(out)
    return out.getvalue()


def fit(value: Any) -> Any:
    match value:
        case str():
            return NOT_XML.sub("", value)
        case Mapping():
            return {key: fit(each) for key, each in value.items()}
        case list() | tuple():
            return [fit(each) for each in value]
    return value


def opening(body: Body, paper: ReportPaper, taken: str) -> None:
    head = paper.head
    body.add_heading(head.title, 0)
    changes = "Ratings and texts may still change until the report is issued."
    body.add_paragraph(f"{head.status}. {changes} {taken}", "Intense Quote")
    for name, value in (
        ("Agency", head.agency),
        ("Team", head.team),
        ("Review dates", head.dates),
        ("Kind", head.kind),
        ("Reviewers", ", ".join(head.reviewers)),
        ("Scale", head.scale),
    ):
        if value:
            line = body.add_paragraph()
            line.add_run(f"{name}: ").bold = True
            line.add_run(value)
    body.add_heading("Result", 1)
    body.add_paragraph(" ".join(paper.result))


def prose(body: Body, text: Iterable[Block]) -> None:
    written = False
    for block in text:
        written = True
        if block.points:
            for line in block.lines:
                body.add_paragraph(line, "List Bullet")
        else:
            body.add_paragraph("\n".join(block.lines))
    if not written:
        body.add_paragraph(NOT_WRITTEN)


def scores(body: Body, section: SectionPaper) -> None:
    body.add_heading(section.name, 2)
    table = body.add_table(rows=1, cols=2, style="Light Grid Accent 1")
    heads = table.rows[0]
    fill(heads.cells, "Item", "Rating")
    heads._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # read as headings, and again on each page
    for item in section.items:
        fill(table.add_row().cells, f"{item.number}. {item.name}", said(item.rating))
    total = "not complete" if section.subtotal is None else f"{section.subtotal} of {section.possible}"
    fill(table.add_row().cells, section.name, total)


def fill(cells: Iterable[Any], *texts: str) -> None:
    for cell, text in zip(cells, texts, strict=True):
        cell.text = text


def found(body: Body, item: ItemPaper) -> None:
    body.add_heading(f"{item.number}. {item.name}", 3)
    marks = [f"Rated {item.rating}." if item.rating else "Not rated.", "Priority." if item.priority else ""]
    body.add_paragraph(" ".join(filter(None, (*marks, item.compared))))
    if item.anchor:
        body.add_paragraph(f"A rating of {item.rating} means: {item.anchor}" if item.rating else item.anchor)
    body.add_heading("What was found", 4)
    prose(body, item.found)
    body.add_heading("Recommendation", 4)
    prose(body, item.recommendation)


def said(rating: int | None) -> str:
    return "not rated" if rating is None else str(rating)
