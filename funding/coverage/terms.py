"""On what terms: how long a job is supported, for how many jobs, and what is paid before there is one."""

from collections.abc import Iterator
from operator import itemgetter

from fidelity.paper.wording import count
from funding.coverage.reading import (
    TIPS,
    VR,
    Entered,
    Gap,
    Limits,
    Reading,
    columns_of,
    elements_of,
    keys,
)
from funding.grid import Method, Phase
from funding.wording import all_called, called


def support_ends_early(reading: Reading) -> Iterator[Gap]:
    """G3, per phase. Source: seed 000, VR may close at 90 days while IPS goes on for about a year."""
    needed = reading.limits.support_days
    for phase, elements in reading.phases:
        paid = reading.funding_of(elements) if phase.supports_jobs else []
        ends = [
            (entered, day)
            for entered in paid
            if (day := last_day(entered, reading.limits)) is not None and day < needed
        ]
        if not paid or len(ends) < len(paid):
            continue
        last = max(day for _, day in ends)
        yield gap(
            "G3",
            phase,
            paid,
            f"In {phase.name}, the last money stops {count(last, 'day', 'days')} after the job start, while IPS "
            f"supports a job for about {count(needed, 'day', 'days')}: nobody pays for the "
            f"{count(needed - last, 'day', 'days')} after that. {said(ends)}",
            "In one state, a family advocate and a person who had found work through IPS told legislators what it "
            "meant, and the legislature set money aside for long-term job support. Elsewhere mental health money "
            "or Medicaid follows when Vocational Rehabilitation closes the case.",
        )


def last_day(entered: Entered, limits: Limits) -> int | None:
    """After the job start; none where the payer goes on."""
    if entered.cell.limit_days is None and entered.column.payer == VR:
        return limits.closes_after_days
    return entered.cell.limit_days


def said(ends: list[tuple[Entered, int]]) -> str:
    """Who pays until when, each column once, with its last day."""
    words = []
    for column in columns_of(entered for entered, _ in ends):
        longest, day = max((end for end in ends if end[0].column == column), key=itemgetter(1))
        usual = ", the usual end, as no limit is said" if longest.cell.limit_days is None else ""
        words.append(f"{called(column)} until day {day}{usual}")
    return f"Paid are: {'; '.join(words)}."


def one_job_only(reading: Reading) -> Iterator[Gap]:
    """G4, per phase. Source: seed 000, people may try more than one job; a state that changed its fees."""
    for phase, elements in reading.phases:
        paid = reading.funding_of(elements) if phase.develops_jobs else []
        if paid and all(entered.cell.limit_times == 1 for entered in paid):
            yield gap(
                "G4",
                phase,
                paid,
                f"In {phase.name}, {all_called(columns_of(paid))} will pay only once for a person, but many people "
                "try more than one job before they stay in one.",
                "One state's Vocational Rehabilitation changed its fees so that agencies bill for more than one job "
                "start. Where one job was enough, it adds a payment when the case is closed, so that this costs an "
                "agency nothing.",
            )


def nothing_before_a_job(reading: Reading) -> Iterator[Gap]:
    """G5, per phase. Source: seed 000, hours that were never paid because the person left before a job."""
    for phase, elements in reading.phases:
        paid = reading.funding_of(elements) if phase.before_job else []
        if paid and all(entered.cell.method is Method.MILESTONE for entered in paid):
            yield gap(
                "G5",
                phase,
                paid,
                f"In {phase.name}, all money comes by milestone, from {all_called(columns_of(paid))}: when a person "
                "leaves before a job, nobody pays for the work that was done.",
                "Where agencies were not paid for people who left without a job, county boards paid for the hours "
                "until Medicaid did. Look for one payer by the hour or the month. Other states dropped job tryouts "
                "and assessments, and raised the fee for a job start by a part of what that saved.",
            )


def gap(code: str, phase: Phase, paid: list[Entered], reason: str, advice: str) -> Gap:
    return Gap(code, phase.key, keys(elements_of(paid)), keys(columns_of(paid)), reason, advice, TIPS)
