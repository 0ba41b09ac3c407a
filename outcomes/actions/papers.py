"""Asking for the papers of a quarter, of one team or of the whole state."""

from typing import Any

from agencies.permissions import Actor
from agencies.refusals import WrongStatus
from ips_portal.reports import kinds
from ips_portal.reports.actions import request_report
from ips_portal.reports.models import ReportRequest


def ask(kind: str, subject: Any, *, by: Actor) -> ReportRequest:
    """`subject` is a team's report, or a quarter of the state. Raises NotPermitted, Unacceptable, WrongStatus."""
    wanted = kinds.named(kind)
    if not wanted.subjects(by).filter(pk=subject.pk).exists():
        raise WrongStatus(f"There is a {wanted.label.lower()} once figures of the quarter are accepted.")
    return request_report(kind, subject, by=by)
