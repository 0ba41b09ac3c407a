"""Whom this app tells what: dates that concern a team, whose turn it is, and what has been issued."""

from fidelity.notices import corrections, moderation, plans, reports, visits
from fidelity.notices.corrections import corrected, to_issue_correction, to_write_correction
from fidelity.notices.moderation import agreed_to, sent_back, to_moderate
from fidelity.notices.plans import plan_in_use, plan_to_approve, plan_to_sign, remind_of_plans
from fidelity.notices.reports import answered, issued, to_correct, to_issue
from fidelity.notices.telling import lead_of, those_who_lead
from fidelity.notices.visits import cancelled, changed, scheduled, to_agree
from ips_portal.notices import register
from ips_portal.notices.mornings import each_morning

__all__ = [
    "agreed_to",
    "answered",
    "begin",
    "cancelled",
    "changed",
    "corrected",
    "issued",
    "lead_of",
    "plan_in_use",
    "plan_to_approve",
    "plan_to_sign",
    "scheduled",
    "sent_back",
    "those_who_lead",
    "to_agree",
    "to_correct",
    "to_issue",
    "to_issue_correction",
    "to_moderate",
    "to_write_correction",
]


def begin() -> None:
    for notice in (*visits.ALL, *reports.ALL, *moderation.ALL, *corrections.ALL, *plans.ALL):
        register.register(notice)
    each_morning("plans that are due", remind_of_plans)
