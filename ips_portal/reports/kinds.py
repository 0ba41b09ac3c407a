"""The kinds of paper the portal can make. Each app registers its own when the apps are ready."""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from agencies.permissions import Actor, Place, Resource

if TYPE_CHECKING:
    from ips_portal.reports.models import ReportRequest

Content = dict[str, Any]
LONGEST_NAME = 120


def all_hold(papers: "Collection[ReportRequest]") -> Mapping[int, str]:
    return {}


@dataclass(frozen=True)
class ReportKind:
    """What a kind of paper is made of, and whose right it is.

    subjects: the records an actor may have this paper of; whoever does not get the record does not see the paper.
    content: everything the paper says, as JSON values, built inside the requester's context. It must not hold what
        changes by itself (the time, a random id): its hash decides whether a stored file is still the right one.
    renderer: dotted path of `Callable[[Content], bytes]`. Only a worker imports it, because it brings WeasyPrint along.
    right: the action asked of `resource`, beside the right to create a generated file.
    outdated: of papers of this kind, those that are given out no more because what they say was corrected, by id, with
        the words that say so.
    """

    key: str
    label: str
    resource: Resource
    subjects: Callable[[Actor], QuerySet[Any]]
    content: Callable[[int], Content]
    renderer: str
    title: Callable[[Content], str]
    file_name: Callable[[Content], str]
    right: str = "export"
    outdated: Callable[["Collection[ReportRequest]"], Mapping[int, str]] = all_hold
    content_type: str = "application/pdf"
    ending: str = "pdf"

    def safe_name(self, content: Content) -> str:
        """A file name every system can store, with its ending."""
        plain = unicodedata.normalize("NFKD", self.file_name(content)).encode("ascii", "ignore").decode()
        words = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")
        return f"{words[:LONGEST_NAME].strip('-') or self.key}.{self.ending}"


class UnknownKind(Exception):
    """A request names a kind that no installed app registers."""


_kinds: dict[str, ReportKind] = {}


def register(kind: ReportKind) -> None:
    if _kinds.setdefault(kind.key, kind) is not kind:
        raise ValueError(f"The report kind “{kind.key}” is registered twice.")


def registered() -> Mapping[str, ReportKind]:
    return _kinds


def alike(
    kinds: Iterable[ReportKind],
) -> Mapping[tuple[Resource, Callable[[Actor], QuerySet[Any]]], list[str]]:
    """Keys of the kinds that are the same people's right: about the same records, of the same resource."""
    found = defaultdict[tuple[Resource, Callable[[Actor], QuerySet[Any]]], list[str]](list)
    for kind in kinds:
        found[kind.resource, kind.subjects].append(kind.key)
    return found


def agency_of(place: Place) -> int | None:
    """Whose paper it is where the record is of one agency as a whole and of none of its teams."""
    return next(iter(place.agency_ids), None) if place.team_id is None else None


def named(key: str) -> ReportKind:
    """The kind of that key. Raises UnknownKind."""
    try:
        return _kinds[key]
    except KeyError:
        raise UnknownKind(f"No app registers the report kind “{key}”.") from None


def fingerprint(content: Content) -> str:
    """The same content gives the same text, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return sha256(text.encode()).hexdigest()
