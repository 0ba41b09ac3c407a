"""Who pays: phases and services nobody pays for, one payer for nearly all, and the start of a program."""

from collections.abc import Iterator

from fidelity.paper.wording import count
from funding.coverage.reading import (
    MISSOURI,
    OURS,
    SLIDES,
    TIPS,
    Gap,
    Reading,
    columns_of,
    keys,
    phase_of,
)
from funding.grid import Element, Phase
from funding.wording import OTHER, all_called, payer_called, quoted


def phase_without_payer(reading: Reading) -> Iterator[Gap]:
    """G1. Source: seed 000, name who pays for each phase; seed 001, who must sit at the table."""
    for phase, elements in reading.phases:
        if not reading.funding_of(elements):
            yield Gap(
                "G1",
                phase.key,
                keys(elements),
                (),
                f"Nobody pays for {phase.name}, which has {count(len(elements), 'service', 'services')}: "
                f"{quoted(elements)}.",
                "Bring those who could pay to one table: Medicaid, behavioral health, Vocational Rehabilitation, the "
                "counties where they decide, and education. A state that closed long-term hospitals gave IPS a part "
                "of what it saved.",
                TIPS,
            )


def element_without_payer(reading: Reading) -> Iterator[Gap]:
    """G2, in phases that have a payer. Source: seed 000, on job development and what one state did."""
    for phase, elements in reading.phases:
        if reading.funding_of(elements):
            yield from (unpaid(phase, each) for each in elements if not reading.funding_of([each]))


def unpaid(phase: Phase, element: Element) -> Gap:
    reason = f"Nobody pays for {quoted([element])} in {phase.name}."
    advice = (
        "Ask the payers of the other services of this phase whether theirs can include it; where none can, ask "
        "for state or county money."
    )
    if phase.develops_jobs and element.without_person:
        reason += " Medicaid usually does not pay for what is done without the person."
        advice = (
            "One state changed its Medicaid plan so that meeting employers alone is paid. That took more than two "
            "years; until then, many county boards paid for it from money they were free to spend."
        )
    return Gap("G2", phase.key, (element.key,), (), reason, advice, TIPS)


def single_payer(reading: Reading) -> Iterator[Gap]:
    """G7. Source: seed 000, most states combine several payers; the share is a proposal."""
    funded: dict[str, int] = {}  # payer -> phases
    for _, elements in reading.phases:
        for payer in {entered.column.payer for entered in reading.funding_of(elements)}:
            funded[payer] = funded.get(payer, 0) + 1
    total, share = len(reading.phases), reading.limits.share_percent
    above = [payer for payer, phases in funded.items() if 100 * phases > share * total]
    if len(above) != 1:
        return
    (payer,) = above
    columns = [each for each in columns_of(reading.funding_of(reading.grid.elements)) if each.payer == payer]
    most = max((phases for other, phases in funded.items() if other != payer), default=0)
    rest = f"the next payer in {most}" if most else "nobody else in any"
    name = all_called(columns) if payer == OTHER else payer_called(payer)
    yield Gap(
        "G7",
        "",
        (),
        keys(columns),
        f"Only one payer pays in more than {share} percent of the phases: {name}, in {funded[payer]} of {total}; "
        f"{rest}.",
        "Most states combine Vocational Rehabilitation, Medicaid and mental health money, so that a cut by one of "
        "them does not end the program. Look for a second payer, first where most money goes.",
        f"{TIPS}; {OURS}",
    )


def nothing_for_the_start(reading: Reading) -> Iterator[Gap]:
    """G11. Source: seed 004, a new program bills less; seed 001, states that pay for the start."""
    starts = [element for element in reading.grid.elements if element.starts_up]
    if reading.funding_of(starts):
        return
    if starts:
        said = f"Nobody pays for {quoted(starts)}: a new program has few people at first and bills less."
    else:
        said = "The plan has no service for the start of a program, which has few people at first and bills less."
    yield Gap(
        "G11",
        phase_of(starts),
        keys(starts),
        (),
        said,
        "Minnesota and Oklahoma pay for starts from state general funds. Elsewhere, agencies are asked before they "
        "begin whether they set start-up money aside.",
        f"{MISSOURI}; {SLIDES}",
    )
