"""On what terms: how long a job is supported, for how many jobs, and what is paid before there is one."""

from collections.abc import Iterator

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
        ends = [last_day(entered, reading.limits) for entered in paid]
        known = [day for day in ends if day is not None and day < needed]
        if not paid or len(known) < len(ends):
            continue
        yield gap(
            "G3",
            phase,
            paid,
            f"In {phase.name}, the last money stops {count(max(known), 'day', 'days')} after the job start, while IPS "
            f"supports a job for about {count(needed, 'day', 'days')}: nobody pays for the "
            f"{count(needed - max(known), 'day', 'days')} after that. {stops(paid, reading.limits)}",
            "In one state, a family advocate and a person who had found work through IPS told legislators what it "
            "meant, and the legislature set money aside for long-term job support. Elsewhere mental health money "
            "or Medicaid follows when Vocational Rehabilitation closes the case.",
        )


def last_day(entered: Entered, limits: Limits) -> int | None:
    """After the job start; none where the payer goes on."""
    if entered.cell.limit_days is None and entered.column.payer == VR:
        return limits.closes_after_days
    return entered.cell.limit_days


def stops(paid: list[Entered], limits: Limits) -> str:
    """Who pays until when, each column once, with its longest."""
    said = []
    for column in columns_of(paid):
        own = [entered for entered in paid if entered.column == column]
        longest = max(own, key=lambda entered: last_day(entered, limits) or 0)
        usual = ", the usual end, as no limit is said" if longest.cell.limit_days is None else ""
        said.append(f"{called(column)} until day {last_day(longest, limits)}{usual}")
    return f"Paid are: {'; '.join(said)}."


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
