"""A file of quarters is staged, looked at, and then saved as drafts: all its rows, the good ones, or none.

Everything one import saves is saved in one transaction, by a statement for each table and not row by row.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from agencies.actions import files
from agencies.models import State
from agencies.permissions import Actor, Resource, require
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from agencies.tenancy import among
from ips_portal.importing.columns import BadHeadings
from ips_portal.importing.lines import left_out
from ips_portal.importing.staging import HoldsClientDetails, Staged
from ips_portal.quarters import Quarter
from ips_portal.uploads import apart
from ips_portal.uploads.sheets import Unreadable
from outcomes.actions import opening
from outcomes.actions.repeating import check_same
from outcomes.dashboards.importing import Desk, desk_of, judged, mark, standing_verdict
from outcomes.figures import Number
from outcomes.importing.preview import LEFT_OUT, Draft, Outcome, Preview, pairs
from outcomes.importing.rows import read_rows
from outcomes.importing.staging import quarters_in, quarters_of, stage
from outcomes.importing.verdicts import Verdict
from outcomes.in_force import measures_of, policies_of
from outcomes.measures import edition
from outcomes.models import OutcomeImport, QuarterlyReport, columns_of
from outcomes.models.reports import stored

Row = Sequence[Any]  # of COPY; the last three of its values are kept as JSON
Status = OutcomeImport.Status
TABLE = """
    CREATE TEMPORARY TABLE outcomes_import_rows (
        quarter integer, report_id bigint, report_version integer, team_id bigint, number smallint,
        version integer, percent smallint,
        served integer, employed integer, in_school integer, in_education integer, job_starts integer,
        transitioned_working integer, transitioned_unemployed integer, specialist_fte numeric(5, 2),
        more jsonb, absent jsonb, explained jsonb, note text, vacancy text
    ) ON COMMIT DROP
"""
COPY = """
    COPY outcomes_import_rows (
        quarter, report_id, report_version, team_id, number, version, percent,
        served, employed, in_school, in_education, job_starts,
        transitioned_working, transitioned_unemployed, specialist_fte,
        note, vacancy, more, absent, explained
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
        %(state)s, report_id, team_id, number, version, true, true, now(),
        served, employed, in_school, in_education, job_starts,
        transitioned_working, transitioned_unemployed, specialist_fte,
        more, absent, explained, note, vacancy, %(definitions)s -> quarter::text
    FROM outcomes_import_rows
    ON CONFLICT (report_id, number) DO UPDATE SET
        version = excluded.version, saved_at = excluded.saved_at,
        served = excluded.served, employed = excluded.employed, in_school = excluded.in_school,
        in_education = excluded.in_education, job_starts = excluded.job_starts,
        transitioned_working = excluded.transitioned_working,
        transitioned_unemployed = excluded.transitioned_unemployed,
        specialist_fte = excluded.specialist_fte, more = excluded.more, absent = excluded.absent,
        explained = excluded.explained, note = excluded.note, vacancy = excluded.vacancy
    WHERE outcomes_revision.version = excluded.version - 1
"""
REPORTS = """
    UPDATE outcomes_quarterlyreport report SET
        percent = row.percent, current = row.number, version = report.version + 1,
        begun_by_id = COALESCE(report.begun_by_id, %(person)s),
        status = CASE report.status WHEN 'expected' THEN 'draft' ELSE report.status END
    FROM outcomes_import_rows row
    WHERE report.id = row.report_id AND report.version = row.report_version
        AND report.status IN ('expected', 'draft', 'returned', 'reopened')
"""
NO_TEAM = (
    "There is no team whose drafts you may edit, so there is nothing to import. Ask your state administrator."
)

CHANGED = "A report was changed while the file was saved. Nothing was saved. Try again."


@transaction.atomic(savepoint=False)
def upload(tenant: State, *, content: bytes, file_name: str, by: Actor) -> OutcomeImport:
    """Reads a file and keeps what the preview needs. The same file again is the same import; once that is over, only
    rows it left out are looked at again, and where none of them can be saved now there is nothing to do.

    Raises Unacceptable with what is wrong with the file as a whole; then nothing of it is kept.
    """
    desk = desk_of(tenant, by)
    if not desk.places:
        raise NotPermitted(NO_TEAM)
    digest = files.digest_of(content)
    earlier = same_file(tenant, digest, by)
    if earlier and earlier.is_open:
        return earlier
    if earlier and not earlier.left_out:
        raise imported_already(earlier)
    try:
        staged = read(tenant, content)
    except (Unreadable, BadHeadings, HoldsClientDetails) as problem:
        raise Unacceptable(str(problem), field="file") from None  # the cause could quote the file in a log
    if earlier:
        staged = staged.of(
            still_out(staged, earlier, desk),
            f"Rows of this file that you imported on {day_of(earlier)} stay as they are; "
            "only those left out then are looked at, and no second row for the same team and quarter.",
        )
    verdict = verdict_on(staged, tenant, desk, by)
    if earlier and not verdict.rows and not hidden_drafts(staged, tenant, desk, by):
        raise imported_already(earlier, verdict.preview(staged, desk.roster))
    found = OutcomeImport(
        state=tenant,
        team_id=desk.roster.teams[0].id,
        uploaded_by_id=by.person_id,
        file_name=files.named(file_name),
        sha256=digest,
        staged={**staged.as_json(), "verdict": verdict.as_json()},
    )
    require(by, "edit", Resource.OUTCOME_DRAFT, found.place)
    return files.keep(found, lambda: same_file(tenant, digest, by))


def same_file(tenant: State, digest: str, by: Actor) -> OutcomeImport | None:
    """The latest import of the same bytes that was not thrown away."""
    rows = OutcomeImport.objects.visible_to(by).filter(sha256=digest).exclude(status=Status.DISCARDED)
    return rows.select_related("team").first()


def still_out(staged: Staged, earlier: OutcomeImport, desk: Desk) -> set[int]:
    """The rows left out, but for those, hidden or not, of a team's quarter that another row was imported for."""
    left = {number for number, _ in earlier.left_out}
    rows = read_rows(staged, desk.roster, takes_hidden=True)
    imported = pairs([each for each in rows if each.row.number not in left])
    return left - {each.row.number for each in rows if pairs([each]) & imported}


def hidden_drafts(staged: Staged, tenant: State, desk: Desk, by: Actor) -> bool:
    """Would anything be saved if the hidden rows were taken in, as the preview offers?"""
    return bool(staged.hidden) and bool(judged(staged, tenant, desk, by, takes_hidden=True).drafts)


def imported_already(earlier: OutcomeImport, again: Preview | None = None) -> Unacceptable:
    """`again` are the rows it left out, as they would go now."""
    kept_out = again.of(Outcome.CLOSED, Outcome.WRONG) if again else ()
    still = (
        f"Row {kept_out[0].number} still cannot be saved: {kept_out[0].remarks[0].text} " if kept_out else ""
    )
    return Unacceptable(
        f"This exact file was imported on {day_of(earlier)} by you. Nothing was changed. {still}"
        "To correct a figure, change it in the file, or in the draft.",
        field="file",
    )


def day_of(found: OutcomeImport) -> str:
    return f"{timezone.localtime(found.finished_at):%B %-d}"


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
        check_same(is_same=found.choice == choice)
        return found
    files.check_open(found)
    staged = Staged.from_json(found.staged)
    desk = desk_of(tenant, by)
    verdict = standing_verdict(found, staged, tenant, desk, by, takes_hidden=takes_hidden)
    if verdict is None:
        verdict = verdict_on(staged, tenant, desk, by, takes_hidden=takes_hidden)
    preview = verdict.preview(staged, desk.roster)
    files.check_agreed(
        staged,
        choice,
        leaves_out=leaves_out,
        is_all_good=preview.is_all_good,
        has_good=bool(preview.of(Outcome.GOOD, Outcome.SAME)),
    )
    rows = opened(verdict.rows, tenant, by)
    write(rows, tenant, by)
    found.saved = [report for _, report, *_ in rows]
    files.finish(
        found,
        choice=choice,
        key=key,
        counts=preview.counts,
        left_out=left_out(preview.of(*LEFT_OUT)),
    )
    return found


def verdict_on(
    staged: Staged, tenant: State, desk: Desk, by: Actor, *, takes_hidden: bool = False
) -> Verdict:
    """The mark is read first: what changes while the rules are asked makes it an old one."""
    seen = mark(quarters_in(staged), tenant, desk, by)
    preview = judged(staged, tenant, desk, by, takes_hidden=takes_hidden)
    return Verdict.on(preview, seen, [row_of(draft) for draft in preview.drafts])


def row_of(draft: Draft) -> Row:
    """In the order of COPY. A draft that is there is gone on with; else one begins."""
    standing = draft.standing
    *core, more, absent, explained, note, vacancy = columns_of(draft.figures)
    return [
        draft.quarter.index,
        standing.report_id,
        standing.version,
        draft.team.id,
        standing.number,
        standing.next_version,
        draft.percent,
        *map(kept_number, core),
        note,
        vacancy,
        *(more, absent, explained),
    ]


def kept_number(value: Number | None) -> Any:
    return None if value is None else stored(value)


def opened(rows: Sequence[Row], tenant: State, by: Actor) -> Sequence[Row]:
    """With a report each: those of quarters from before the portal are opened now.

    Judged without a report they are judged with an empty one; whatever somebody else began meanwhile is not.
    """
    missing = {(team, Quarter.at(quarter)) for quarter, report, _, team, *_ in rows if report is None}
    if not missing:
        return rows
    opening.open_past(tenant, missing, by=by)
    found = QuarterlyReport.objects.visible_to(by).filter(
        among("team_id", {team for team, _ in missing}),
        quarter__in={quarter for _, quarter in missing},
        current=0,
    )
    ids = {
        (team, quarter.index): (pk, version)
        for pk, version, team, quarter in found.values_list("pk", "version", "team_id", "quarter")
    }
    if len(ids.keys() & {(team, quarter.index) for team, quarter in missing}) < len(missing):
        raise WrongStatus(CHANGED)
    return [row if row[1] else [row[0], *ids[row[3], row[0]], *row[3:]] for row in rows]


def write(rows: Sequence[Row], tenant: State, by: Actor) -> None:
    """All reports in one statement and all figures in another; neither takes a row that was changed meanwhile."""
    if not rows:
        return
    policies = policies_of(tenant.pk, {Quarter.at(quarter) for quarter, *_ in rows})
    definitions = {quarter.index: policy.definition() for quarter, policy in policies.items()}
    given: dict[str, Any] = {"state": tenant.pk, "person": by.person_id, "definitions": Jsonb(definitions)}
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy(COPY) as copy:
            for row in rows:
                copy.write_row([*row[:-3], *map(as_json, row[-3:])])
        for statement in (REPORTS, FIGURES):
            cursor.execute(statement, given)
            if cursor.rowcount != len(rows):
                raise WrongStatus(CHANGED)
        cursor.execute("DROP TABLE outcomes_import_rows")


def as_json(value: dict[str, Any]) -> str:
    return json.dumps(value) if value else "{}"


@transaction.atomic(savepoint=False)
def discard(found: OutcomeImport, *, by: Actor) -> OutcomeImport:
    """Nothing of the file is kept but its name."""
    require(by, "edit", Resource.OUTCOME_DRAFT, found.place)
    return files.throw_away(found, by)
