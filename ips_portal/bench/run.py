"""The workloads in their order, and one run through those that are wanted."""

from collections.abc import Sequence

from ips_portal.bench import machine, pages, papers, quarters
from ips_portal.bench.pages import Workload
from ips_portal.bench.site import running
from ips_portal.bench.verdict import Result
from ips_portal.bootstrap.places import Problem, say

WORKLOADS: dict[str, Workload] = {
    "P1": pages.autosave,
    "P2": pages.save_sheet,
    "P4": pages.review_list,
    "P5": quarters.all_teams,
    "P6": quarters.first_page,
    "P7": quarters.accepted,
    "P8": papers.report,
    "P9": papers.plan,
    "P12": quarters.export,
    "P13": machine.memory,
    "P14": pages.throughput,
    "P15": pages.tail,
    "P16": machine.start,
    "P17": pages.isolation,
}
QUICK, FULL = (9, 87), (9, 348)  # teams, with about 50 and 500 or 2,000 issued reviews
QUICK_TIMES, FULL_TIMES = 20, 60  # requests a round


def run(*, full: bool = False, only: Sequence[str] = (), quiet: bool = False) -> list[Result]:
    if unknown := [name for name in only if name not in WORKLOADS]:
        raise Problem(f"There is no workload {unknown[0]}. There are {', '.join(WORKLOADS)}.")
    results: list[Result] = []
    with running(FULL if full else QUICK, times=FULL_TIMES if full else QUICK_TIMES) as bench:
        if not quiet:
            say(f"Reviews issued: {bench.small.reviews} and {bench.large.reviews}.")
        for name, workload in WORKLOADS.items():
            if not only or name in only:
                if not quiet:
                    say(f"{name} ...")
                results += workload(bench)
    return results
