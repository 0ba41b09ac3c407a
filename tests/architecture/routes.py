"""Every route of the portal, read from the resolver, and real values for what stands in its address."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.architecture import between, funding, rates
from tests.architecture.oracle import Where
from tests.architecture.world import SUPERVISORS, Corner

# Routes outside every state, and why each may stand there.
OUTSIDE = {
    "front-door": "where a person finds their states; shows nothing but their names",
    "health": "asked by the machine that watches the service; says what is wrong and nothing else",
    "health-ready": "asked by whoever sends visitors here",
    "health-live": "asked by whoever starts the process again",
    "service-worker": "a script of the portal itself, the same for everybody",
    "invitation": "opened by a secret of 256 bits from a mail; who opens it may belong to no state yet",
    "account": "a person's own name and ways of signing in, the same in every state",
    "api-states": "where a program finds the states of whoever it acts for; shows nothing but their names and roles",
    "api-schema-json": "what the API is like, the same for everybody and for every state",
    "api-schema-yaml": "what the API is like, the same for everybody and for every state",
    "help": "words only, the same for everybody",
    "accessibility": "words only, the same for everybody",
    "licenses": "words only, the same for everybody",
    "public-outcomes": "a state's rounded totals, told to everybody where the state has said so",
    "public-outcomes-file": "the same as a file",
    "offline": "words only, kept on the device for when the network is away",
    "mailbox:mailbox-list": "exists only where mail is caught in files instead of sent (demo, tests)",
    "mailbox:mailbox-message": "exists only where mail is caught in files instead of sent (demo, tests)",
}
OUTSIDE_PREFIXES = {"account_": "sign-in, by django-allauth", "mfa_": "second factor, by django-allauth"}


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    kwargs: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def door(self) -> Any:
        return getattr(self.view, "door", None)

    @property
    def is_tenant(self) -> bool:
        return "state" in self.kwargs

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def about(self) -> tuple[str, ...]:
        """What the address names beside the state. The kind of a file is no record."""
        return tuple(kwarg for kwarg in self.kwargs if kwarg not in ("state", "file"))


def walk(patterns: Any, names: str = "", text: str = "", kwargs: tuple[str, ...] = ()) -> Iterator[Route]:
    for pattern in patterns:
        own = (*kwargs, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = f"{names}{pattern.namespace}:" if pattern.namespace else names
            yield from walk(pattern.url_patterns, inner, text + str(pattern.pattern), own)
        elif isinstance(pattern, URLPattern):
            yield Route(f"{names}{pattern.name or ''}", text + str(pattern.pattern), own, pattern.callback)


def all_routes() -> list[Route]:
    return list(walk(get_resolver().url_patterns))


def tenant_routes() -> list[Route]:
    return [route for route in all_routes() if route.is_tenant]


def faults(routes: list[Route]) -> list[str]:
    """Routes that no rule covers."""
    found = []
    for route in routes:
        if route.is_tenant and route.door is None:
            found.append(f"{route.pattern}: under a state, but its view wears no @door")
        elif not route.is_tenant and not (
            route.name in OUTSIDE or route.name.startswith(tuple(OUTSIDE_PREFIXES))
        ):
            found.append(f"{route.pattern} ({route.name}): outside every state and not on the list OUTSIDE")
        if not route.name or route.name.endswith(":"):
            found.append(f"{route.pattern}: has no name")
    return found


@dataclass(frozen=True)
class Address:
    """One concrete address: whose corner, which record, and where the record lies."""

    route: Route
    path: str
    relation: str
    variant: str
    where: Where

    @property
    def of_record(self) -> bool:
        return bool(self.route.about)


def address(corner: Corner, team: bool = True, people: frozenset[str] = frozenset()) -> Where:
    return Where(corner.state, corner.agency_key, corner.key if team else "", people)


def values(kwarg: str, corner: Corner, about: Sequence[str] = ()) -> dict[str, tuple[Any, Where | None]]:
    """Real values for one part of an address, by variant: what stands there, and where that record lies."""
    cast = corner.cast
    in_state = Where(corner.state)
    lead = frozenset({"trainer"})
    match kwarg:
        case "agency":
            return {"": (cast.agencies[corner.agency_key].slug, address(corner, team=False))}
        case "team":
            return {"": (cast.teams[corner.key].slug, address(corner))}
        case "membership":
            persona = SUPERVISORS[corner.key]
            where = address(corner, team=False, people=frozenset({persona}))
            return {"": (corner.supervisor.pk, where)}
        case "invitation":
            return {"": (corner.invitation.pk, address(corner, people=frozenset({"admin"})))}
        case "review":
            return {
                status: (
                    review.public_id,
                    address(corner, people=corner.reviewers() if status in ("rating", "consensus") else lead),
                )
                for status, review in corner.reviews().items()
            }
        case "report":
            return {
                kind: (
                    paper.public_id,
                    address(corner, team=bool(paper.team_id), people=lead)
                    if paper.team_id or paper.agency_id
                    else Where(corner.state, people=lead),
                )
                for kind, paper in corner.papers.items()
            }
        case "quarter" if "team" not in about:  # of the whole state
            return {"": (corner.quarters["accepted"].quarter, in_state)}
        case "quarter":
            people = frozenset({SUPERVISORS[corner.key]})
            return {
                status: (report.quarter, address(corner, people=people))
                for status, report in corner.quarters.items()
            }
        case "person":  # a specialist of the team, or where it has none, somebody who is no specialist
            persona = between.SPECIALISTS.get(corner.key, SUPERVISORS[corner.key])
            return {"": (cast.people[persona].pk, address(corner, people=frozenset({persona})))}
        case "monday":
            return {"": (between.monday(cast), None)}
        case "month":
            return {"": (between.month(cast), None)}
        case "upload":
            people = frozenset({SUPERVISORS[corner.key]})
            return {"": (corner.upload.public_id, address(corner, people=people))}
        case "past":
            return {status: (found.public_id, in_state) for status, found in corner.pasts.items()}
        case "file":
            return {"csv": ("csv", None), "xlsx": ("xlsx", None)}
        case "number":
            return {"": (1, None)}
        case "meeting":
            return {"": (corner.meeting.quarter, in_state)}
        case "note":
            return {"": (corner.note.pk, in_state)}
        case "sheet":
            return {"": (cast.teams[corner.key].slug, in_state)}
        case "strategy":
            return {"": (corner.strategy.pk, address(corner))}
        case "row":
            return {"": (corner.row.pk, address(corner, people=lead))}
        case "token":
            where = Where(corner.state, people=frozenset({SUPERVISORS[corner.key]}))
            return {"": (corner.token.pk, where)}
        case "edition":
            return {"": (1, None)}
        case "item":
            return {"": ("ST1", None)}
        case "agreement":
            return {"": (corner.agreement.pk, in_state)}
        case "payer":
            return {"": (cast.payer.pk if cast.payer else 0, in_state)}
        case "contract":
            return {"": (corner.contract.pk, in_state)}
        case "plan" | "element" | "remark" | "version" | "column" | "link":
            return {"": (getattr(corner.funding, kwarg), funding.where(corner, about))}
        case "schedule":
            return {"": (corner.funding.schedule, rates.of_state(corner))}
        case "source":
            return {"": (corner.funding.source, Where(corner.state, desks=frozenset({funding.KEEPER})))}
        case "text":
            return {"": (corner.text.pk, in_state)}
        case "population":
            return {"": (cast.populations[-1].pk, in_state)}
    raise AssertionError(
        f"The address part <{kwarg}> is new: say in tests/architecture/routes.py, values(), what real value it takes."
    )


def addresses(route: Route, corner: Corner, relation: str) -> list[Address]:
    """The route's addresses in one corner of the world: one for each variant of what it is about."""
    found: list[tuple[str, dict[str, Any], Where | None]] = [("", {"state": corner.state}, None)]
    for kwarg in (each for each in route.kwargs if each != "state"):
        found = [
            (variant or chosen, {**kwargs, kwarg: value}, own or where)
            for variant, kwargs, where in found
            for chosen, (value, own) in values(kwarg, corner, route.about).items()
        ]
    return [
        Address(route, reverse(route.name, kwargs=kwargs), relation, variant, where or Where(corner.state))
        for variant, kwargs, where in found
    ]
