"""What a validator does not ask for and a person with a screen reader misses, mended in the structure WeasyPrint wrote.

Running headers and footers become pagination artifacts instead of text outside the tree; a table cut by page ends
becomes one table again and its repeated heads artifacts; header cells say whether they head a row or a column;
captions move into their figure; links print. References: ISO 14289-1 (PDF/UA-1) 7.5 and 7.8, ISO 32000-1 14.8.2.2.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

Element = Any  # a structure element; pikepdf types the values of a dictionary as plain objects
MCIDS = dict[tuple[int, int], set[int]]  # of a page's object number: the marked content that is real content

PAGINATION = Dictionary(Type=Name.Pagination)


def finish_tags(document: pikepdf.Pdf) -> None:
    root: Any = document.Root.StructTreeRoot
    elements = list(_walk(root.K))
    _join_tables([element for element in elements if element.get(Name.S) == Name.Table])
    for element in elements:
        if element.get(Name.S) == Name.THead:
            _scope(element, Name.Column)
        elif element.get(Name.S) == Name.TBody:
            _scope(element, Name.Row)
        elif element.get(Name.S) == Name.NonStruct:
            _caption_into_figure(element)
    _mark_artifacts(document, _content(root.K))
    for page in document.pages:
        for annotation in page.get(Name.Annots, Array()):
            annotation[Name.F] = int(annotation.get(Name.F, 0)) | 4  # print


def _kids(element: Element) -> list[Any]:
    kids = element.get(Name.K, Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def _walk(kid: Any) -> Iterator[Element]:
    """Every structure element, in reading order."""
    if isinstance(kid, Array):
        for one in kid:
            yield from _walk(one)
    elif isinstance(kid, Dictionary) and Name.S in kid:
        yield kid
        if Name.K in kid:
            yield from _walk(kid[Name.K])


# --- Tables ---------------------------------------------------------------------------------------------------
def _join_tables(tables: list[Element]) -> None:
    """A table without a caption is the rest of the one before: each of our tables has a caption, printed once."""
    whole: Element = None
    for table in tables:
        if whole is None or any(kid.get(Name.S) == Name.Caption for kid in _kids(table)):
            whole = table
        else:
            _append_table(whole, table)


def _append_table(whole: Element, rest: Element) -> None:
    ours, theirs = _part(whole, Name.THead), _part(rest, Name.THead)
    renamed: dict[bytes, Any] = {}
    if ours is not None and theirs is not None:
        renamed = {
            bytes(old[Name.ID]): new[Name.ID]
            for new, old in zip(_header_cells(ours), _header_cells(theirs), strict=False)
            if Name.ID in old and Name.ID in new
        }
    bodies = [kid for kid in _kids(whole) if kid.get(Name.S) == Name.TBody]
    body = bodies[-1] if bodies else None  # rows go on where the page before ended
    for kid in _kids(rest):
        if kid.get(Name.S) != Name.TBody or body is None:
            continue
        for row in _kids(kid):
            row[Name.P] = body
            body[Name.K].append(row)
            for cell in _kids(row):
                _rename_headers(cell, renamed)
    _detach(rest)


def _part(table: Element, kind: Name) -> Element | None:
    return next((kid for kid in _kids(table) if kid.get(Name.S) == kind), None)


def _header_cells(part: Element) -> list[Element]:
    return [element for element in _walk(part) if element[Name.S] == Name.TH]


def _rename_headers(cell: Element, renamed: dict[bytes, Any]) -> None:
    attributes = cell.get(Name.A)
    if attributes is not None and Name.Headers in attributes:
        attributes[Name.Headers] = Array([renamed.get(bytes(key), key) for key in attributes[Name.Headers]])


def _detach(element: Element) -> None:
    """Take the element out of its parent; a parent left empty goes with it."""
    parent = element[Name.P]
    left = [kid for kid in _kids(parent) if not _same(kid, element)]
    parent[Name.K] = Array(left)
    if not left and parent.get(Name.S) in (Name.Div, Name.Sect, Name.NonStruct) and Name.P in parent:
        _detach(parent)


def _same(one: Any, other: Element) -> bool:
    return isinstance(one, Dictionary) and bool(one.objgen == other.objgen)


def _scope(part: Element, scope: Name) -> None:
    for cell in _header_cells(part):
        cell[Name.A][Name.Scope] = scope


# --- Figures --------------------------------------------------------------------------------------------------
def _caption_into_figure(wrapper: Element) -> None:
    kids = _kids(wrapper)
    figures = [kid for element in kids for kid in _walk(element) if kid.get(Name.S) == Name.Figure]
    captions = [kid for kid in kids if isinstance(kid, Dictionary) and kid.get(Name.S) == Name.Caption]
    if len(figures) == 1 and len(captions) == 1:
        caption, figure = captions[0], figures[0]
        wrapper[Name.K] = Array([kid for kid in kids if not _same(kid, caption)])
        caption[Name.P] = figure
        figure[Name.K] = Array([*_kids(figure), caption])


# --- Artifacts ------------------------------------------------------------------------------------------------
def _content(tree: Any) -> MCIDS:
    used: MCIDS = defaultdict(set)
    for element in _walk(tree):
        for kid in _kids(element):
            if isinstance(kid, int):
                used[element[Name.Pg].objgen].add(kid)
    return used


def _mark_artifacts(document: pikepdf.Pdf, used: MCIDS) -> None:
    """Marked content that no element claims (headers, footers, repeated table heads) is said to be pagination."""
    parents: Any = document.Root.StructTreeRoot.ParentTree.Nums
    owners = {int(parents[place]): parents[place + 1] for place in range(0, len(parents), 2)}
    for page in document.pages:
        real = used[page.obj.objgen]
        instructions: list[Any] = []
        for instruction in pikepdf.parse_content_stream(page):
            identity = _mcid(instruction)
            if identity is None or identity in real:
                instructions.append(instruction)
                continue
            owners[int(page.StructParents)][identity] = None
            instructions.append(
                pikepdf.ContentStreamInstruction([Name.Artifact, PAGINATION], instruction.operator)
            )
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))


def _mcid(instruction: Any) -> int | None:
    if str(instruction.operator) != "BDC":
        return None
    properties = instruction.operands[1]
    return (
        int(properties[Name.MCID]) if isinstance(properties, Dictionary) and Name.MCID in properties else None
    )
