"""Files of figures coming in: one quarter of a large agency (P10), and its history (P11)."""

import json

from ips_portal.bench.site import Bench, Portal, python
from ips_portal.bench.verdict import Result

IMPORT = "import django; django.setup(); from ips_portal.bench import importing; importing.main()"


def quarter(bench: Bench) -> list[Result]:
    small, large = (_imported(bench, portal, "quarter") for portal in bench.sizes)
    growth, beside = large["ours"] / small["ours"], "COPY, SQL, upsert"
    what = "a quarter of 3,000 teams"
    return [
        Result("P10", what, large["ours"], large["floor"], 5, beside=beside, growth=growth),
        Result("P10", "its memory", large["memory"], large["file"], 3, unit="MB", beside="the file"),
    ]


def history(bench: Bench) -> list[Result]:
    """The slower of the two."""
    small, large = (_imported(bench, portal, "history") for portal in bench.sizes)
    growth, what = small["ours"] / large["ours"], "history, rows a second"
    return [
        Result(
            *("P11", what, large["ours"], large[floor], goal),
            unit="/s",
            beside=beside,
            at_least=True,
            growth=growth,
        )
        for floor, goal, beside in (("copy", 0.25, "COPY with indexes"), ("save", 10, "save()"))
    ]


def _imported(bench: Bench, portal: Portal, what: str) -> dict[str, float]:
    env = {**portal.env, "ROUNDS": str(bench.rounds), "WHAT": what}
    return dict(json.loads(python("-c", IMPORT, env=env)))
