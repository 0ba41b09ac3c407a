"""Papers of the gates' world: one of each kind for every corner, with its bytes."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from fidelity.models import AnswerWindow, Edition
from funding.models import FundingPlan, PlanVersion
from ips_portal.reports import kinds, storage
from ips_portal.reports.models import Download, ReportRequest, StoredFile
from outcomes.models import StateQuarter

if TYPE_CHECKING:
    from tests.architecture.world import Corner

STATEWIDE = ("state-quarter", "quarter-brief", "meeting-pack")  # kinds of paper about no team
OF_AGENCIES = ("funding-plan", "funding-handout", "funding-appendix")
# The draft as it is written on.
OF_DRAFTS = ("fidelity:report-edit", "fidelity:draft-word", "fidelity-api:draft", "fidelity-api:hand-over")
OF_VISITS = ("visit-agenda", "visit-request", "visit-tally", "score-sheets")
ASKED_BY = "trainer"


def keep(corner: "Corner") -> None:
    """A ready paper of every kind an app registers, with its bytes and one download.

    Those of a visit have one record, one door and one rule: the agenda stands for the four. Other tests of the same
    process register kinds of their own, which are no paper of the portal.
    """
    StateQuarter.objects.filter(quarter=corner.quarters["accepted"].quarter).update(
        brief=corner.secret("statewide"), brief_by=corner.cast.people["admin"], brief_at=timezone.now()
    )
    for kind in kinds.registered().values():
        if kind.renderer.startswith("tests.") or kind.key in OF_VISITS[1:]:
            continue
        corner.papers[kind.key] = paper(corner, kind.key, kind.resource.value)


def paper(corner: "Corner", kind: str, resource: str) -> ReportRequest:
    period = StateQuarter.objects.get(state=corner.cast.state, quarter=corner.quarters["accepted"].quarter)
    funded = FundingPlan.objects.get(public_id=corner.funding.plan)
    subjects: dict[str, Any] = {
        "fidelity-report": corner.issued,
        "fidelity-superseded": Edition.objects.get(review=corner.issued, number=1),
        "fidelity-draft": corner.draft,
        "fidelity-handed-over": AnswerWindow.objects.get(review=corner.draft),
        "action-plan": corner.plan,
        "team-quarter": corner.quarters["accepted"],
        "standing-letter": corner.cast.teams[corner.key],
        **dict.fromkeys(OF_VISITS, corner.draft),
        **dict.fromkeys(STATEWIDE, period),
        "meeting-pack": corner.meeting,
        "funding-plan": funded,
        "funding-handout": funded.agency,
        "funding-appendix": PlanVersion.objects.get(plan=funded),
    }
    assert kind in subjects, f"The world has no record for the report kind {kind}: add one to `paper`."
    words = {
        **dict.fromkeys(("fidelity-draft", "fidelity-handed-over", *OF_VISITS), "draftreport"),
        "action-plan": "plan",
        "team-quarter": "figuresaccepted",
        **dict.fromkeys(STATEWIDE, "statewide"),
    }.get(kind, "final")
    content = f"%PDF-1.7 {corner.secret(words)} {kind}".encode()
    team = None if kind in (*STATEWIDE, *OF_AGENCIES) else corner.cast.teams[corner.key]
    agency = funded.agency if kind in OF_AGENCIES else None
    file = StoredFile(
        state=corner.cast.state,
        team=team,
        agency=agency,
        sha256=storage.digest(content),
        size=len(content),
        content_type="application/pdf",
    )
    storage.keep(file.path, content)
    file.save()
    report = ReportRequest.objects.create(
        state=corner.cast.state,
        kind=kind,
        team=team,
        agency=agency,
        subject_id=subjects[kind].pk,
        title=corner.secret(words),
        file_name=f"{corner.secret(words)}.pdf",
        content_hash=kind.ljust(64, "0"),
        status=ReportRequest.Status.READY,
        requested_by=corner.cast.people[ASKED_BY],
        membership=corner.cast.memberships[ASKED_BY],
        file=file,
    )
    Download.objects.create(
        state=corner.cast.state,
        team=team,
        agency=agency,
        report=report,
        person=corner.cast.people[ASKED_BY],
    )
    return report
