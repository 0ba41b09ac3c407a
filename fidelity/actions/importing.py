"""Reviews from before the portal: a file is staged, looked at, and becomes issued reviews with their ratings alone.

Whoever may freeze a report of the state without a draft before it may do so; source: the permission table, to lock a
final report. What is imported counts like what was issued here: standing, trends and the next comparison read it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import JSONField, Value
from django.utils import timezone

from agencies.actions import files
from agencies.models import State, Team
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import Unacceptable, WrongStatus
from agencies.tenancy import among, because
from fidelity.dashboards.importing import editions_of, known_of, standing_reviews
from fidelity.histories import dated_policies, in_force_by
from fidelity.in_force import wording_of
from fidelity.lifecycle import Policies
from fidelity.models import Decision, Edition, Review, ReviewImport, ReviewText
from fidelity.past.preview import Outcome, PastReview, Preview, preview
from fidelity.past.rows import teams_named
from fidelity.past.staging import REVIEWS, stage
from fidelity.ratings import Agreed, past
from fidelity.ratings import PastReview as Told
from fidelity.snapshots import Material, assemble
from fidelity.wording import Wording
from ips_portal.importing.columns import BadHeadings
from ips_portal.importing.lines import left_out
from ips_portal.importing.staging import HoldsClientDetails, Staged
from ips_portal.uploads import apart
from ips_portal.uploads.sheets import Unreadable

Status = ReviewImport.Status
AT_ONCE = 200  # rows of one statement: a frozen report is long
NOT_ALONE = "This import cannot be taken back any more: {}. It would rest on nothing. Nothing was changed."


@transaction.atomic(savepoint=False)
def upload(tenant: State, *, content: bytes, file_name: str, by: Actor) -> ReviewImport:
    """Reads a file and keeps what the preview needs. The same file again is the same import; once that is over, only
    rows it left out are looked at again, and where none of them can be taken now there is nothing to do.

    Raises Unacceptable with what is wrong with the file as a whole; then nothing of it is kept.
    """
    require(by, "lock", Resource.FINAL_REPORT, Place(tenant.pk))
    digest = files.digest_of(content)
    earlier = same_file(digest, by)
    if earlier and earlier.is_open:
        return earlier
    has_gap = earlier is not None and was_taken_back(digest, by)
    if earlier and not earlier.left_out and not has_gap:
        raise imported_already(earlier, by)
    try:
        staged = stage(apart.read(content, REVIEWS), editions_of(tenant).items)
    except (Unreadable, BadHeadings, HoldsClientDetails) as problem:
        raise Unacceptable(str(problem), field="file") from None  # the cause could quote the file in a log
    if earlier:
        staged = still_to_come(staged, earlier, tenant, by, has_gap=has_gap)
    found = ReviewImport(
        state=tenant,
        uploaded_by_id=by.person_id,
        file_name=files.named(file_name),
        sha256=digest,
        staged=staged.as_json(),
    )
    return files.keep(found, lambda: same_file(digest, by))


def same_file(digest: str, by: Actor) -> ReviewImport | None:
    """The latest import of the same bytes that stands: not thrown away, and not taken back."""
    rows = ReviewImport.objects.visible_to(by).filter(sha256=digest, taken_back_at=None)
    return rows.exclude(status=Status.DISCARDED).select_related("uploaded_by").first()


def was_taken_back(digest: str, by: Actor) -> bool:
    """Some rows of these bytes were: the latest import of them may have left out others than are missing now."""
    return ReviewImport.objects.visible_to(by).filter(sha256=digest, taken_back_at__isnull=False).exists()


def still_to_come(
    staged: Staged, earlier: ReviewImport, tenant: State, by: Actor, *, has_gap: bool
) -> Staged:
    """The rows that an import of the same bytes left out; all of them where another was taken back, for what stands is
    told of each. Raises Unacceptable where none can be taken now.
    """
    if not has_gap:
        staged = staged.of(
            {number for number, _ in earlier.left_out},
            f"Reviews of this file that were imported on {day_of(earlier)} stay as they are; "
            "only rows left out then are looked at.",
        )
    shown = preview(staged, known_of(tenant, by), takes_hidden=True)
    if not shown.reviews:
        raise imported_already(earlier, by, shown)
    return staged


def imported_already(earlier: ReviewImport, by: Actor, again: Preview | None = None) -> Unacceptable:
    """`again` are the rows it left out, as they would go now."""
    wrong = again.of(Outcome.WRONG) if again else ()
    still = f" Row {wrong[0].number} still cannot be imported: {wrong[0].remarks[0].text}" if wrong else ""
    who = "you" if earlier.uploaded_by_id == by.person_id else earlier.uploaded_by.name
    return Unacceptable(
        f"This exact file was imported on {day_of(earlier)} by {who}. Nothing was changed.{still}",
        field="file",
    )


def day_of(found: ReviewImport) -> str:
    return f"{timezone.localtime(found.finished_at):%B %-d, %Y}"


@transaction.atomic(savepoint=False)
def commit(
    found: ReviewImport,
    tenant: State,
    *,
    choice: str,
    key: UUID,
    by: Actor,
    leaves_out: bool = False,
    takes_hidden: bool = False,
) -> ReviewImport:
    """Issues all rows as reviews, or the good ones. The same form sent twice is answered twice with the same.

    `leaves_out` agrees that unknown columns are left out. Raises Unacceptable, WrongStatus.
    """
    require(by, "lock", Resource.FINAL_REPORT, found.place)
    found.refresh_from_db(from_queryset=ReviewImport.objects.select_for_update(of=("self",)))
    if found.status == Status.DONE and found.submit_key == key and found.choice == choice:
        return found
    files.check_open(found)
    staged = Staged.from_json(found.staged)
    known = known_of(tenant, by)
    teams = lock_teams(teams_named(staged, known.roster), by)
    known = replace(known, reviews=standing_reviews(by))  # read once nobody can add to them
    shown = preview(staged, known, takes_hidden=takes_hidden)
    files.check_agreed(
        staged,
        choice,
        leaves_out=leaves_out,
        is_all_good=shown.is_all_good,
        has_good=bool(shown.of(Outcome.GOOD)),
    )
    with because(f"Imported from {found.file_name}"):
        issue_all(found, shown.reviews, tenant, teams, by)
        files.finish(
            found,
            choice=choice,
            key=key,
            counts=shown.counts,
            left_out=left_out(shown.of(Outcome.WRONG, Outcome.THERE, Outcome.SKIPPED)),
        )
    return found


def lock_teams(team_ids: Collection[int], by: Actor) -> dict[int, Team]:
    """So that nobody books or imports the same review in the meantime; see `scheduling.check_overlap`.

    Whoever saves something else that belongs to one of the teams does not wait.
    """
    rows = Team.objects.visible_to(by).filter(among("pk", team_ids)).select_related("agency").order_by("pk")
    return {team.pk: team for team in rows.select_for_update(of=("self",), no_key=True)}


def issue_all(
    found: ReviewImport, reviews: Sequence[PastReview], tenant: State, teams: Mapping[int, Team], by: Actor
) -> None:
    """The earliest first: the frozen report of each tells of those before it. A few statements, however many."""
    policies = in_force_by(dated_policies(tenant.pk))
    wordings = {pk: wording_of(tenant.pk, pk) for pk in {each.edition.id for each in reviews}}
    told = told_before({each.team.id for each in reviews}, by)
    rows, editions = [], []
    for each in reviews:
        row = review_row(found, each, tenant, teams[each.team.id], by)
        earlier = [one for one in told[each.team.id] if one.ends_on < each.starts_on]
        material = material_of(
            each, policies, wordings[each.edition.id], earlier, imported_part(each, tenant, by)
        )
        snapshot = assemble(row, material, edition=1, issued_on=row.issued_on, issued_by=by.name)
        row.total, row.band = snapshot["total"], (snapshot["band"] or {}).get("key", "")
        told[each.team.id] = sorted([*told[each.team.id], past(snapshot)], key=lambda one: one.ends_on)
        rows.append(row)
        editions.append(snapshot)
    Review.objects.bulk_create(rows, batch_size=AT_ONCE)
    Edition.objects.bulk_create(
        (edition_row(row, snapshot, by) for row, snapshot in zip(rows, editions, strict=True)),
        batch_size=AT_ONCE,
    )


def told_before(team_ids: Collection[int], by: Actor) -> dict[int, list[Told]]:
    """What the teams' issued reviews say by their last editions, the oldest first."""
    editions = (
        Edition.objects.visible_to(by)
        .filter(team_id__in=team_ids, review__status=Review.Status.ISSUED)
        .order_by("review_id", "-number")
        .distinct("review_id")
    )
    found: dict[int, list[Told]] = defaultdict(list)
    for team, snapshot in editions.values_list("team_id", "snapshot"):
        found[team].append(past(snapshot))
    return defaultdict(
        list, {team: sorted(each, key=lambda one: one.ends_on) for team, each in found.items()}
    )


def review_row(found: ReviewImport, each: PastReview, tenant: State, team: Team, by: Actor) -> Review:
    """A report whose day is not known counts from the last day of the visit."""
    return Review(
        state=tenant,
        team=team,
        scale_id=each.edition.id,
        kind=each.kind,
        mode=each.place,
        starts_on=each.starts_on,
        ends_on=each.ends_on,
        status=Review.Status.ISSUED,
        scheduled_by_id=by.person_id,
        issued_on=each.reported_on or each.ends_on,
        imported=found,
    )


def material_of(
    each: PastReview,
    policies: Policies,
    wording: Wording,
    earlier: Sequence[Told],
    imported: Mapping[str, Any],
) -> Material:
    """Ratings, and nothing that nobody wrote down."""
    return Material(
        scale=each.edition.scale,
        policy=policies(each.ends_on),
        rows={code: Agreed(score) for code, score in each.ratings.items()},
        reports={},
        text=ReviewText(),
        reviewers=(),
        earlier=earlier,
        wording=wording,
        imported=imported,
    )


def imported_part(each: PastReview, tenant: State, by: Actor) -> dict[str, str | None]:
    return {"by": by.name, "on": iso(tenant.today()), "reported_on": iso(each.reported_on)}


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def edition_row(review: Review, snapshot: Mapping[str, Any], by: Actor) -> Edition:
    return Edition(
        state_id=review.state_id,
        review=review,
        team_id=review.team_id,
        number=1,
        snapshot=Value(snapshot, JSONField()),  # as a plain value psycopg quotes each sign of it for an array
        issued_by_id=by.person_id,
    )


@transaction.atomic(savepoint=False)
def discard(found: ReviewImport, *, by: Actor) -> ReviewImport:
    """Nothing of the file is kept but its name."""
    require(by, "lock", Resource.FINAL_REPORT, found.place)
    return files.throw_away(found, by)


@transaction.atomic(savepoint=False)
def take_back(found: ReviewImport, *, reason: str, by: Actor) -> ReviewImport:
    """The reviews of a mistaken import count no more. They stay on record, with the reason; their reports too.

    Source: trust reference 2.2 rules 7 and 8: nothing that was issued is edited or deleted.
    """
    require(by, "reopen", Resource.FINAL_REPORT, found.place)
    found.refresh_from_db(from_queryset=ReviewImport.objects.select_for_update(of=("self",)))
    check_stands(found)
    if not reason.strip():
        raise Unacceptable("Say why the import is taken back; the teams will see it.", field="reason")
    lock_teams(set(found.reviews.values_list("team_id", flat=True)), by)
    check_alone(found, by)
    with because(reason):
        Review.objects.in_state(found.state_id).filter(imported=found).update(
            status=Review.Status.CANCELLED,
            cancelled_reason=reason.strip(),
            total=None,
            band="",
            issued_on=None,
        )
        found.taken_back_at, found.taken_back_by_id = timezone.now(), by.person_id
        found.taken_back_reason = reason.strip()
        found.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
    return found


def check_stands(found: ReviewImport) -> None:
    """Raises WrongStatus."""
    if found.status != Status.DONE:
        raise WrongStatus("Nothing of this file was imported, so there is nothing to take back.")
    if found.taken_back_at:
        day = timezone.localtime(found.taken_back_at)
        raise WrongStatus(f"This import was taken back on {day:%B %-d, %Y}. Nothing was changed.")


def check_alone(found: ReviewImport, by: Actor) -> None:
    """A later report compares itself with an imported one, and a decision may rest on it. Raises WrongStatus.

    A first edition tells of the reviews before it; a correction takes over what that one told.
    """
    first: dict[int, date] = {}
    for team, ends_on in found.reviews.order_by("-ends_on").values_list("team_id", "ends_on"):
        first[team] = ends_on
    since = found.finished_at
    editions = (
        Edition.objects.visible_to(by)
        .filter(team_id__in=first, number=1, issued_at__gte=since, review__status=Review.Status.ISSUED)
        .exclude(review__imported=found)
        .order_by("review__starts_on", "pk")
    )
    for team, name, starts_on in editions.values_list("team_id", "team__name", "review__starts_on"):
        if starts_on > first[team]:
            raise WrongStatus(NOT_ALONE.format(f"the review of {name} of {starts_on:%B %-d, %Y} tells of it"))
    decisions = Decision.objects.visible_to(by).filter(team_id__in=first, recorded_at__gte=since)
    if decision := decisions.select_related("team").first():
        said = f"on {decision.decided_on:%B %-d, %Y} something was decided about {decision.team}"
        raise WrongStatus(NOT_ALONE.format(said))
