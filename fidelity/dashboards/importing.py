"""What the portal knows around a file of past reviews, read all at once, and the pages and files of its import."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from agencies.models import State, Team, TeamPartner
from agencies.permissions import Actor
from fidelity.histories import dated_policies, in_force_by
from fidelity.in_force import scale_in
from fidelity.models import Review, ReviewImport, ScaleVersion
from fidelity.past import preview as rules
from fidelity.past.columns import (
    AGENCY,
    FIRST,
    KIND,
    LABELS,
    LAST,
    PLACE,
    REPORTED,
    SCALE,
    TEAM,
    TOTAL,
    heading_of,
)
from fidelity.past.editions import Edition, Editions
from fidelity.past.preview import Known, Outcome, Preview, Stands
from fidelity.past.rows import Reviewed
from fidelity.scales import Scale
from ips_portal.importing import lines
from ips_portal.importing.lines import Listed
from ips_portal.importing.matching import Roster
from ips_portal.importing.remarks import Weight, rows_word
from ips_portal.importing.staging import Staged
from ips_portal.spreadsheets import Table

WORDS = {
    Weight.ERROR: "Problem",
    Weight.WARNING: "Look at it",
    Weight.SKIPPED: "Left out",
    Weight.NOTICE: "Notice",
}


def editions_of(tenant: State) -> Editions:
    """Those that ship and the state's own. Each is parsed once in a process."""
    rows = ScaleVersion.objects.open_to(tenant.pk).defer("data").order_by("-state_id", "key", "pk")
    return Editions(tuple(Edition(row.pk, scale_in(row), row.effective_from) for row in rows))


def known_of(tenant: State, actor: Actor) -> Known:
    """Six queries, however long the file is."""
    return Known(
        roster=roster_of(tenant, actor),
        editions=editions_of(tenant),
        reviews=standing_reviews(actor),
        policies=in_force_by(dated_policies(tenant.pk)),
        today=tenant.today(),
    )


def roster_of(tenant: State, actor: Actor) -> Roster[Reviewed]:
    partners = partners_by_team(actor)
    teams = Team.objects.visible_to(actor).order_by("name", "pk")
    columns = ("id", "name", "slug", "agency__name", "implementation_started_on", "ended_on")
    found = tuple(
        Reviewed(pk, name, slug, lead, began, ended, partners.get(pk, ()))
        for pk, name, slug, lead, began, ended in teams.values_list(*columns)
    )
    return Roster(found, f"in {tenant.name}")


def partners_by_team(actor: Actor) -> dict[int, tuple[str, ...]]:
    rows = TeamPartner.objects.visible_to(actor).order_by("pk").values_list("team_id", "agency__name")
    found: dict[int, tuple[str, ...]] = {}
    for team, name in rows:
        found[team] = (*found.get(team, ()), name)
    return found


def standing_reviews(actor: Actor) -> dict[int, list[Stands]]:
    """All that were held or will be, by team."""
    rows = (
        Review.objects.visible_to(actor).exclude(status=Review.Status.CANCELLED).order_by("starts_on", "pk")
    )
    found: dict[int, list[Stands]] = defaultdict(list)
    for team, kind, first, last, status, total in rows.values_list(
        "team_id", "kind", "starts_on", "ends_on", "status", "total"
    ):
        found[team].append(Stands(team, kind, first, last, Review.Status(status).label, total))
    return found


def preview_now(found: ReviewImport, tenant: State, actor: Actor, *, takes_hidden: bool = False) -> Preview:
    """What importing the file would do now."""
    staged = Staged.from_json(found.staged)
    return rules.preview(staged, known_of(tenant, actor), takes_hidden=takes_hidden)


@dataclass(frozen=True)
class PreviewPage:
    upload: ReviewImport
    preview: Preview
    only_problems: bool = False

    @property
    def good(self) -> int:
        return self.preview.count(Outcome.GOOD)

    @property
    def wrong(self) -> int:
        return self.preview.count(Outcome.WRONG)

    @property
    def summary(self) -> str:
        """Such as "41 of 44 rows can become reviews. 2 rows have problems. 1 row is in the portal already."."""
        there, left = self.preview.count(Outcome.THERE), self.preview.count(Outcome.SKIPPED)
        become = "a review" if self.good == 1 else "reviews"
        parts = [f"{self.good} of {rows_word(len(self.preview.lines))} can become {become}."]
        if self.wrong:
            parts.append(
                f"{rows_word(self.wrong)} {'has' if self.wrong == 1 else 'have'} problems and would not be imported."
            )
        if there:
            parts.append(f"{rows_word(there)} {'is' if there == 1 else 'are'} in the portal already.")
        if left:
            parts.append(f"{rows_word(left)} {'is' if left == 1 else 'are'} left out.")
        return " ".join(parts)

    @property
    def listed(self) -> Sequence[Listed]:
        return lines.listed(self.preview.lines, WORDS, only_problems=self.only_problems)

    @property
    def has_hidden(self) -> bool:
        return bool(self.preview.staged.hidden)


def imports(actor: Actor) -> "QuerySet[ReviewImport]":
    rows = ReviewImport.objects.visible_to(actor).exclude(status=ReviewImport.Status.DISCARDED)
    return rows.select_related("uploaded_by").defer("staged", "left_out")


def reviews_in(found: ReviewImport, actor: Actor) -> "QuerySet[Review]":
    """What an import became, also once it is taken back."""
    rows = Review.objects.visible_to(actor).filter(imported=found).select_related("team__agency", "scale")
    return rows.defer("scale__data").order_by("team__name", "-starts_on", "pk")


def corrected(preview: Preview) -> Table:
    """The rows that are not in the portal yet, with what to look at."""
    return lines.corrected(preview.staged, preview.of(Outcome.WRONG, Outcome.GOOD))


def scale_named(editions: Editions, key: str) -> Scale:
    """The newest edition of the key, or of the first scale there is."""
    named = [each for each in editions.known if each.scale.key == key] or editions.known
    return max(named, key=lambda each: (each.effective_from, each.id)).scale


def template_of(tenant: State, actor: Actor, scale: Scale) -> Table:
    """One row for each team, to be filled in and copied for each of its reviews."""
    teams = (
        Team.objects.visible_to(actor).order_by("agency__name", "name").values_list("agency__name", "name")
    )
    keys = (AGENCY, TEAM, SCALE, KIND, PLACE, FIRST, LAST, REPORTED)
    blank = ["" for _ in (KIND, PLACE, FIRST, LAST, REPORTED, *scale.codes, TOTAL)]
    return Table(
        about=(),
        columns=(*(LABELS[key] for key in keys), *map(heading_of, scale.codes), LABELS[TOTAL]),
        rows=tuple([agency, team, scale.key, *blank] for agency, team in teams),
    )
