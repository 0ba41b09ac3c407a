"""Files of figures coming in: one quarter of a large agency (P10), and its history (P11)."""

import json
from dataclasses import replace

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
    """A file as long as files may be; 240,000 rows are 48 of them."""
    small, large = (_imported(bench, portal, "history") for portal in bench.sizes)
    growth, what, ours = small["ours"] / large["ours"], "history, rows a second", large["ours"]
    copied = Result("P11", what, ours, large["copy"], 0.25, unit="/s", beside="COPY", growth=growth)
    saved = Result("P11", what, ours, large["save"], 10, unit="/s", beside="save()")
    return [replace(copied, at_least=True), replace(saved, at_least=True)]


def _imported(bench: Bench, portal: Portal, what: str) -> dict[str, float]:
    env = {**portal.env, "ROUNDS": str(bench.rounds), "WHAT": what}
    return dict(json.loads(python("-c", IMPORT, env=env)))
