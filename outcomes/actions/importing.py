"""A file of quarters is staged, looked at, and then saved as drafts: all its rows, the good ones, or none.

Everything one import saves is saved in one transaction, by a statement for each table and not row by row.
"""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from agencies import tenancy
from agencies.models import State
from agencies.permissions import Actor, Resource, require
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from ips_portal.quarters import Quarter
from outcomes.actions import opening
from outcomes.dashboards.importing import desk_of, judged, last_revisions
from outcomes.importing.columns import BadHeadings
from outcomes.importing.preview import LEFT_OUT, Draft, Outcome, Preview, pairs
from outcomes.importing.rows import read_rows
from outcomes.importing.staging import HoldsClientDetails, Staged, quarters_of, stage
from outcomes.in_force import measures_of, policies_of
from outcomes.measures import edition
from outcomes.models import CORE, OutcomeImport, QuarterlyReport, Revision
from outcomes.models.imports import NAME_LIMIT
from outcomes.uploads import apart
from outcomes.uploads.sheets import Unreadable

Status, Choice = OutcomeImport.Status, OutcomeImport.Choice
KEPT_DAYS = 7
TABLE = """
    CREATE TEMPORARY TABLE outcomes_import_rows (
        report_id bigint, team_id bigint, number smallint, version integer, percent smallint,
        served integer, employed integer, in_school integer, in_education integer, job_starts integer,
        transitioned_working integer, transitioned_unemployed integer, specialist_fte numeric(5, 2),
        more jsonb, absent jsonb, explained jsonb, note text, vacancy text, definition jsonb
    ) ON COMMIT DROP
"""
COPY = """
    COPY outcomes_import_rows (
        report_id, team_id, number, version, percent,
        served, employed, in_school, in_education, job_starts,
        transitioned_working, transitioned_unemployed, specialist_fte,
        more, absent, explained, note, vacancy, definition
    ) FROM STDIN
"""
FIGURES = """
    INSERT INTO outcomes_revision (
        state_id, report_id, team_id, number, version, is_draft, is_operating, saved_at,
        served, employed, in_school, in_education, job_starts,
        transitioned_working, transitioned_unemployed, specialist_fte,
        more, absent, explained, note, vacancy, definition
    )
    SELECT
        %s, report_id, team_id, number, version, true, true, now(),
        served, employed, in_school, in_education, job_starts,
        transitioned_working, transitioned_unemployed, specialist_fte,
        more, absent, explained, note, vacancy, definition
    FROM outcomes_import_rows
    ON CONFLICT (report_id, number) DO UPDATE SET
        version = outcomes_revision.version + 1, saved_at = excluded.saved_at,
        served = excluded.served, employed = excluded.employed, in_school = excluded.in_school,
        in_education = excluded.in_education, job_starts = excluded.job_starts,
        transitioned_working = excluded.transitioned_working,
        transitioned_unemployed = excluded.transitioned_unemployed,
        specialist_fte = excluded.specialist_fte, more = excluded.more, absent = excluded.absent,
        explained = excluded.explained, note = excluded.note, vacancy = excluded.vacancy
"""
REPORTS = """
    UPDATE outcomes_quarterlyreport report SET
        percent = row.percent, current = row.number, version = report.version + 1,
        begun_by_id = COALESCE(report.begun_by_id, %s),
        status = CASE report.status WHEN 'expected' THEN 'draft' ELSE report.status END
    FROM outcomes_import_rows row
    WHERE report.id = row.report_id AND report.status IN ('expected', 'draft', 'returned', 'reopened')
"""
NO_TEAM = (
    "There is no team whose drafts you may edit, so there is nothing to import. Ask your state administrator."
)

CHANGED = "A report was changed while the file was saved. Nothing was saved. Try again."


@transaction.atomic(savepoint=False)
def upload(tenant: State, *, content: bytes, file_name: str, by: Actor) -> OutcomeImport:
    """Reads a file and keeps what the preview needs. The same file again is the same import.

    Raises Unacceptable with what is wrong with the file as a whole; then nothing of it is kept.
    """
    desk = desk_of(tenant, by)
    if not desk.teams:
        raise NotPermitted(NO_TEAM)
    digest = hashlib.sha256(content).hexdigest()
    earlier = same_file(tenant, digest, by)
    if earlier is not None:
        return earlier
    try:
        staged = read(tenant, content)
    except (Unreadable, BadHeadings, HoldsClientDetails) as problem:
        raise Unacceptable(str(problem), field="file") from None  # the cause could quote the file in a log
    team = next(iter(desk.teams.values()))
    found = OutcomeImport(
        state=tenant,
        team=team,
        uploaded_by_id=by.person_id,
        file_name=file_name[-NAME_LIMIT:],
        sha256=digest,
        staged=staged.as_json(),
    )
    require(by, "edit", Resource.OUTCOME_DRAFT, found.place)
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError:  # the same file in two windows at once
        raise WrongStatus("This file is being uploaded already. Nothing was changed.") from None
    return found


def same_file(tenant: State, digest: str, by: Actor) -> OutcomeImport | None:
    """An import of the same bytes that is not finished yet. Raises Unacceptable for one that is."""
    rows = OutcomeImport.objects.visible_to(by).filter(sha256=digest)
    earlier: OutcomeImport | None = rows.exclude(status=Status.DISCARDED).select_related("team").first()
    if earlier is not None and earlier.status == Status.DONE:
        day = timezone.localtime(earlier.finished_at)
        raise Unacceptable(
            f"This exact file was imported on {day:%B %-d} by you. Nothing was changed. "
            "To correct a figure, change it in the file, or in the draft.",
            field="file",
        )
    return earlier


def read(tenant: State, content: bytes) -> Staged:
    sheet = apart.read(content)
    today = tenant.today()
    quarters = {quarter for quarter in quarters_of(sheet) if quarter.is_open(today)} or {
        Quarter.last_ended(today)
    }
    policies = policies_of(tenant.pk, quarters).values()
    asked = {measure.key: measure for policy in policies for measure in measures_of(policy)}
    known = {measure.key: measure for policy in policies for measure in edition(policy.measures).measures}
    return stage(sheet, tuple(asked.values()), known.values())


@transaction.atomic(savepoint=False)
def commit(
    found: OutcomeImport,
    tenant: State,
    *,
    choice: str,
    key: UUID,
    by: Actor,
    leaves_out: bool = False,
    takes_hidden: bool = False,
) -> OutcomeImport:
    """Saves rows as drafts. The same form sent twice is answered twice with the same.

    `leaves_out` agrees that unknown columns are left out. Raises Unacceptable, WrongStatus.
    """
    require(by, "edit", Resource.OUTCOME_DRAFT, found.place)
    found.refresh_from_db(from_queryset=OutcomeImport.objects.select_for_update(of=("self",)))
    if found.status == Status.DONE and found.submit_key == key:
        return found
    check_open(found)
    staged = Staged.from_json(found.staged)
    desk = desk_of(tenant, by)
    rows = read_rows(staged, desk.roster, takes_hidden=takes_hidden)
    hold(pairs(rows), by)
    preview = judged(staged, rows, desk, tenant, by, takes_hidden=takes_hidden)
    check_agreed(preview, choice, leaves_out=leaves_out)
    drafts = opened(preview.drafts, tenant, by)
    write(drafts, tenant, by)
    finish(found, preview, drafts, choice, key)
    return found


def check_open(found: OutcomeImport) -> None:
    if not found.is_open:
        day = timezone.localtime(found.finished_at)
        raise WrongStatus(
            f"This file was {found.get_status_display().lower()} on {day:%B %-d}. Nothing was changed."
        )


def check_agreed(preview: Preview, choice: str, *, leaves_out: bool) -> None:
    unknown = preview.staged.layout.unknown
    if unknown and not leaves_out:
        listed = ", ".join(f"{column.letter} (“{column.heading}”)" for column in unknown)
        raise Unacceptable(f"Agree that these columns are left out: {listed}.", field="leaves_out")
    if choice == Choice.ALL and not preview.is_all_good:
        raise Unacceptable(
            "Not all rows are good by now. Nothing was saved. Look at the table, then choose again."
        )
    if not preview.of(Outcome.GOOD, Outcome.SAME):
        raise Unacceptable("No row of this file can be saved. Nothing was changed. Correct the file first.")


def hold(wanted: Collection[tuple[int, Quarter]], by: Actor) -> None:
    """Keeps the reports of the file as they are until the end of the transaction."""
    rows = QuarterlyReport.objects.visible_to(by).filter(
        team_id__in={team for team, _ in wanted}, quarter__in={quarter for _, quarter in wanted}
    )
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def opened(drafts: Collection[Draft], tenant: State, by: Actor) -> Collection[Draft]:
    """With a report each: those of quarters from before the portal are opened now.

    Judged without a report they are judged with an empty one; whatever somebody else began meanwhile is not.
    """
    missing = {(draft.team.id, draft.quarter) for draft in drafts if draft.report_id is None}
    if not missing:
        return drafts
    opening.open_past(tenant, missing, by=by)
    rows = QuarterlyReport.objects.visible_to(by).filter(
        team_id__in={team for team, _ in missing}, quarter__in={quarter for _, quarter in missing}, current=0
    )
    ids = {(team, quarter): pk for pk, team, quarter in rows.values_list("pk", "team_id", "quarter")}
    if not missing <= ids.keys():
        raise WrongStatus(CHANGED)
    return [
        draft if draft.report_id else replace(draft, report_id=ids[draft.team.id, draft.quarter])
        for draft in drafts
    ]


def write(drafts: Collection[Draft], tenant: State, by: Actor) -> None:
    """All figures in one statement, and all reports in another."""
    if not drafts:
        return
    rows = rows_of(drafts, tenant, by)  # before COPY begins, which lets no other statement through
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy(COPY) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(FIGURES, [tenant.pk])
        cursor.execute(REPORTS, [by.person_id])
        changed = cursor.rowcount
        cursor.execute("DROP TABLE outcomes_import_rows")
    if changed != len(drafts):
        raise WrongStatus(CHANGED)


def rows_of(drafts: Collection[Draft], tenant: State, by: Actor) -> list[tuple[object, ...]]:
    """In the order of COPY. A draft that is there is gone on with; else one begins, numbered after the last."""
    last = last_revisions(by, [draft.report_id for draft in drafts if draft.report_id])
    policies = policies_of(tenant.pk, {draft.quarter for draft in drafts})
    measures = {quarter: measures_of(policy) for quarter, policy in policies.items()}
    definitions = {quarter: Jsonb(policy.definition()) for quarter, policy in policies.items()}
    found = []
    for draft in drafts:
        before = last.get(draft.report_id or 0)
        row = Revision()
        row.put(draft.figures)
        found.append(
            (
                draft.report_id,
                draft.team.id,
                before.number + (not before.is_draft) if before else 1,
                (before.version if before else 1) + 1,
                draft.figures.percent(measures[draft.quarter]),
                *(getattr(row, key) for key in CORE),
                *(Jsonb(part) for part in (row.more, row.absent, row.explained)),
                row.note,
                row.vacancy,
                definitions[draft.quarter],
            )
        )
    return found


def finish(found: OutcomeImport, preview: Preview, drafts: Collection[Draft], choice: str, key: UUID) -> None:
    found.status, found.choice, found.submit_key = Status.DONE, choice, key
    found.counts, found.staged = preview.counts, {}
    found.saved = [draft.report_id for draft in drafts]
    found.left_out = [
        [line.number, " ".join(remark.text for remark in line.remarks)] for line in preview.of(*LEFT_OUT)
    ]
    found.finished_at = timezone.now()
    found.save()


@transaction.atomic(savepoint=False)
def discard(found: OutcomeImport, *, by: Actor) -> OutcomeImport:
    """Nothing of the file is kept but its name."""
    require(by, "edit", Resource.OUTCOME_DRAFT, found.place)
    changed = OutcomeImport.objects.visible_to(by).open().filter(pk=found.pk).update(**gone())
    found.refresh_from_db()
    if not changed:
        check_open(found)
    return found


def clear_old() -> None:
    """Each night: what nobody went on with for a week is thrown away."""
    for state in State.objects.all():
        with tenancy.as_system(state.pk):
            old = timezone.now() - timedelta(days=KEPT_DAYS)
            OutcomeImport.objects.in_state(state.pk).open().filter(uploaded_at__lt=old).update(**gone())


def gone() -> dict[str, object]:
    return {"status": Status.DISCARDED, "staged": {}, "finished_at": timezone.now()}
