"""Charts on pages: drawn once by a worker, kept by what they show, and put into the page itself.

Whoever may read the numbers has the picture: it has no address of its own, and its name in the cache is made of the
numbers and a secret. Until it is drawn the table beside it stands alone; a lost cache is drawn anew.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from ips_portal.bell import ring
from ips_portal.reports import rendering

LINES = "ips_portal.charts.painting.lines"  # only a worker imports them
TOTALS_AND_RATES = "ips_portal.charts.painting.totals_and_rates"
WEEK = 7 * 24 * 3600
ASKED_AGAIN_AFTER = 60  # seconds


@dataclass(frozen=True)
class Picture:
    """`address` is a data address, empty while the picture is being drawn; `finding` is what it says, in words."""

    address: str
    finding: str


def picture(renderer: str, content: Mapping[str, Any], finding: str) -> Picture:
    """`content` is fit for JSON and for the renderer, one of those above."""
    given = asked(renderer, content)
    key = key_of(given)
    drawn = cache.get(key)
    if not isinstance(drawn, str):
        if cache.add(f"{key}:asked", 1, ASKED_AGAIN_AFTER):
            ring("reports.picture", given)
        return Picture("", finding)
    return Picture(f"data:image/svg+xml;base64,{drawn}", finding)


def asked(renderer: str, content: Mapping[str, Any]) -> str:
    return json.dumps([renderer, content], sort_keys=True)


def draw(given: str) -> None:
    renderer, content = json.loads(given)
    if renderer not in (LINES, TOTALS_AND_RATES):
        raise ValueError(f"{renderer} draws no picture of a page")
    drawn = rendering.draw(renderer, content, alive=lambda: None)
    cache.set(key_of(given), b64encode(drawn).decode("ascii"), WEEK)


def key_of(given: str) -> str:
    return f"picture:{salted_hmac('ips_portal.pictures', given, algorithm='sha256').hexdigest()}"
