"""The permission table in words, for the page "who can see what"."""

from dataclasses import dataclass

from agencies.permissions import ACTIONS, SCOPE_LABELS, Resource, Role, Scope, scope_of

DEEDS = {
    "view": "See",
    "create": "Create",
    "edit": "Change",
    "submit": "Hand in",
    "approve": "Approve or return",
    "lock": "Close or lock",
    "reopen": "Reopen",
    "export": "Download",
    "delete": "Remove",
}
SHORT = {
    Scope.PLATFORM: "platform",
    Scope.STATE: "state",
    Scope.AGENCY: "own agency",
    Scope.TEAM: "own teams",
    Scope.ASSIGNED: "assigned",
    Scope.OWN: "own",
    Scope.NAME_ONLY: "names",
}


@dataclass(frozen=True)
class Right:
    """One resource: what may be done with it, grouped by how far the right reaches."""

    resource: str
    lines: tuple[tuple[str, str], ...]  # (how far, deeds), such as ("in the whole state", "See, change")


@dataclass(frozen=True)
class Row:
    resource: str
    cells: tuple[tuple[str, str], ...]  # (role, how far it may see)


def rights_of(role: Role) -> list[Right]:
    return [Right(name(resource), _lines(role, resource)) for resource in Resource]


def overview() -> list[Row]:
    """Who sees what at all; the deeds beyond seeing stand on each role's own page."""
    return [
        Row(name(resource), tuple((role.label, _seen(role, resource)) for role in Role))
        for resource in Resource
    ]


def name(resource: Resource) -> str:
    """The table's name, without the word that only programmers know."""
    return resource.value.replace("State (tenant) and its settings", "State and its settings")


def _lines(role: Role, resource: Resource) -> tuple[tuple[str, str], ...]:
    grouped: dict[Scope, list[str]] = {}
    for action in ACTIONS:
        if scope := scope_of(role, action, resource):
            grouped.setdefault(scope, []).append(DEEDS[action])
    return tuple(
        (SCOPE_LABELS[scope], ", ".join([deeds[0], *(deed.lower() for deed in deeds[1:])]))
        for scope, deeds in grouped.items()
    )


def _seen(role: Role, resource: Resource) -> str:
    scope = scope_of(role, "view", resource)
    return SHORT[scope] if scope else ""
