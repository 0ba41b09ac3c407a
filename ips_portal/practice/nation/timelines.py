"""A wanted number of reviews behind a team, evenly over the years."""

from datetime import timedelta

from ips_portal.practice.places import Land, Site
from ips_portal.practice.rhythm import DAYS_A_MONTH, days, total, visit_day
from ips_portal.practice.timelines import SETTLED, Past, Timeline
from ips_portal.practice.worlds import SELF

BASELINE = 6.0  # months after the start


def evenly(land: Land, site: Site, count: int) -> Timeline:
    """Also settles when the team's implementation began. No review is ahead."""
    rng, step = land.rng, land.world.span / count
    began = land.today - land.world.span - days(BASELINE)
    site.team.implementation_started_on = began
    past = []
    for number in range(count):
        last = land.today - SETTLED - timedelta(days=2) - step * (count - 1 - number)
        starts = visit_day(last - step * rng.uniform(0.1, 0.5))
        kind = rng.choice(land.world.kinds)
        month = (starts - began).days / DAYS_A_MONTH
        ends = starts if kind == SELF else starts + timedelta(days=1)
        past.append(Past(starts, ends, kind, total(rng, month, site.quality), month))
    return Timeline(tuple(past), None, 0)
