"""The workloads in their order, and one run through those that are wanted."""

from collections.abc import Sequence

from ips_portal.bench import agreeing, imports, machine, pages, papers, planning, quarters
from ips_portal.bench.pages import Workload
from ips_portal.bench.site import Size, running
from ips_portal.bench.verdict import Result
from ips_portal.bootstrap.places import Problem, say

WORKLOADS: dict[str, Workload] = {
    "P1": pages.autosave,
    "P2": pages.save_sheet,
    "P3": lambda bench: [*agreeing.consensus(bench), *planning.plan(bench)],
    "P4": pages.review_list,
    "P5": quarters.all_teams,
    "P6": quarters.first_page,
    "P7": quarters.accepted,
    "P8": papers.report,
    "P9": papers.plan,
    "P10": imports.quarter,
    "P11": imports.history,
    "P12": quarters.export,
    "P13": machine.memory,
    "P14": pages.throughput,
    "P15": pages.tail,
    "P16": machine.start,
    "P17": pages.isolation,
}
OF_FIGURES = ("P5", "P6", "P7", "P10", "P11", "P12")
QUICK = Size(9, 6_000), Size(87, 10_000)  # with about 50 and 500 issued reviews
FULL = Size(9, 10_000), Size(348, 240_000)  # with about 50 and 2,000
QUICK_TIMES, FULL_TIMES = 20, 60  # requests a round


def run(*, full: bool = False, only: Sequence[str] = (), quiet: bool = False) -> list[Result]:
    if unknown := [name for name in only if name not in WORKLOADS]:
        raise Problem(f"There is no workload {unknown[0]}. There are {', '.join(WORKLOADS)}.")
    results: list[Result] = []
    times, is_crowded = FULL_TIMES if full else QUICK_TIMES, not only or bool({*only} & {*OF_FIGURES})
    with running(FULL if full else QUICK, times=times, is_crowded=is_crowded) as bench:
        if not quiet:
            small, large = bench.sizes
            say(f"Reviews issued: {small.reviews} and {large.reviews}.")
            say(f"Quarters of teams: {small.team_quarters:,} and {large.team_quarters:,}.")
        for name, workload in WORKLOADS.items():
            if not only or name in only:
                if not quiet:
                    say(f"{name} ...")
                results += workload(bench)
    return results
