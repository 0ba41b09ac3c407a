"""Files of quarters as people send them, and what the portal says of them."""

from collections.abc import Iterable

from agencies.permissions import Actor
from ips_portal.quarters import Quarter
from outcomes.actions import importing
from outcomes.dashboards.importing import preview_of
from outcomes.importing.preview import Preview
from outcomes.importing.staging import Staged
from outcomes.models import OutcomeImport
from tests.cast import StateCast
from tests.outcomes.quarters import ORDINARY, last_quarter

HEADINGS: dict[str, str] = {
    "team": "Team",
    "quarter": "Quarter",
    "served": "People served",
    "employed": "People working",
    "job_starts": "Job starts",
    "in_school": "People in school",
    "in_education": "People in school or vocational training",
    "transitioned_working": "Left while working",
    "transitioned_unemployed": "Left while not working",
    "specialist_fte": "Specialists (full-time equivalents)",
}
FIGURES = tuple(HEADINGS)[2:]


def head(*more: str, **renamed: str) -> list[str]:
    return [*({**HEADINGS, **renamed}).values(), *more]


def row(team: str, quarter: Quarter | str, *more: object, **values: object) -> list[str]:
    figures = {**ORDINARY, **values}
    return [team, str(quarter), *(str(figures[key]) for key in FIGURES), *map(str, more)]


def csv_of(*rows: Iterable[str]) -> str:
    """Every cell in quotation marks, so that commas and line breaks stay in their cells."""
    return "\r\n".join(",".join(f'"{cell}"' for cell in cells) for cells in rows)


def upload(
    cast: StateCast, content: str | bytes, persona: str = "leader", name: str = "q.csv"
) -> OutcomeImport:
    sent = content.encode() if isinstance(content, str) else content
    with cast.entered(persona) as by:
        return importing.upload(cast.state, content=sent, file_name=name, by=by)


def seen(found: OutcomeImport, cast: StateCast, by: Actor, *, takes_hidden: bool = False) -> Preview:
    return preview_of(Staged.from_json(found.staged), cast.state, by, takes_hidden=takes_hidden)


def preview(
    cast: StateCast, content: str | bytes, persona: str = "leader", *, takes_hidden: bool = False
) -> Preview:
    found = upload(cast, content, persona)
    with cast.entered(persona) as by:
        return seen(found, cast, by, takes_hidden=takes_hidden)


def one(cast: StateCast, *more: object, team: str = "Meridian North Team One", **values: object) -> list[str]:
    """A row for the last quarter of North's first team."""
    return row(team, str(values.pop("quarter", last_quarter(cast))), *more, **values)


def texts(found: Preview) -> list[str]:
    return [remark.text for remark in found.remarks]
