"""The parts of a scale that reports a total for each of them and none for all, such as employment and education."""

from collections.abc import Sequence
from dataclasses import dataclass

from fidelity.documents import Node
from fidelity.scales.bands import Band

SUBSCALE_KEYS = ("code", "name", "bands", "leads")


@dataclass(frozen=True)
class Subscale:
    """`leads`: its total is the one that lists show and that a state's rules ask for."""

    code: str
    name: str
    bands: tuple[Band, ...]
    leads: bool

    @classmethod
    def parse(cls, node: Node) -> "Subscale":
        node.mapping(SUBSCALE_KEYS)
        return cls(
            code=node.child("code").text(),
            name=node.child("name").text(),
            bands=tuple(Band.parse(entry) for entry in node.listed("bands")),
            leads=node.flag_or_no("leads"),
        )


def check_subscales(subscales: Sequence[Subscale], node: Node, *, named: Sequence[str]) -> None:
    """One leads, each has a code of its own and sections. `node` is the scale, `named` what each section names."""
    known, seen = {each.code for each in subscales}, set[str]()
    sections = tuple(node.child("sections").entries())
    if not subscales:
        for section, code in zip(sections, named, strict=True):
            if code:
                raise section.child("subscale").wrong(f"“{code}” is named, and the scale has no subscales.")
        return
    if tuple(node.listed("bands")):
        raise node.child("bands").wrong("a scale with subscales has its bands there, one list for each.")
    entries = tuple(node.child("subscales").entries())
    for entry, each in zip(entries, subscales, strict=True):
        if each.code in seen:
            raise entry.child("code").wrong(f"the code {each.code} stands twice.")
        seen.add(each.code)
    leading = [entry for entry, each in zip(entries, subscales, strict=True) if each.leads]
    if not leading:
        raise node.child("subscales").wrong("none leads. Write “leads: true” for the one that rules ask for.")
    if len(leading) > 1:
        raise leading[1].child("leads").wrong("two lead. Write “leads: true” for one of them alone.")
    for section, code in zip(sections, named, strict=True):
        if not code:
            raise section.wrong("say in “subscale” to which of them the section belongs.")
        if code not in known:
            raise section.child("subscale").wrong(f"“{code}” is not one of {', '.join(sorted(known))}.")
    for entry, each in zip(entries, subscales, strict=True):
        if each.code not in named:
            raise entry.wrong(f"no section names the subscale {each.code}.")


def check_told_apart(subscales: Sequence[Subscale], node: Node) -> None:
    """There are several, each with a name of its own. Asked of a new scale: one that is stored is read as it is."""
    if len(subscales) == 1:
        raise node.child("subscales").wrong(
            "a scale with one total has no subscales. Leave them out, or write the others, too."
        )
    seen = set[str]()
    for entry, each in zip(node.listed("subscales"), subscales, strict=True):
        if each.name.casefold() in seen:
            raise entry.child("name").wrong(f"two subscales are called {each.name}.")
        seen.add(each.name.casefold())
