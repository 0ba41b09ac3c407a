"""What practice reviewers rate and write: 25 ratings that add up to a total, and a note beside each."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fidelity.drafting import goal
from fidelity.scales import HIGHEST, LOWEST, Item, Scale

BANK = Path(__file__).with_name("evidence.yaml")
# Mean of each item where teams are sustaining; they add up to 107. Source: domain reference 8.3.
# fmt: off
MEANS = {
    "ST1": 4.9, "ST2": 4.7, "ST3": 4.7,
    "OR1": 4.4, "OR2": 4.1, "OR3": 4.2, "OR4": 4.3, "OR5": 4.1, "OR6": 4.4, "OR7": 3.9, "OR8": 3.8,
    "SV1": 4.4, "SV2": 4.3, "SV3": 4.3, "SV4": 4.2, "SV5": 4.4, "SV6": 3.3, "SV7": 3.9, "SV8": 4.6,
    "SV9": 4.6, "SV10": 4.8, "SV11": 4.3, "SV12": 4.2, "SV13": 4.0, "SV14": 4.3,
}
# fmt: on
SUSTAINED = sum(MEANS.values())


@dataclass(frozen=True)
class Evidence:
    """The bank's entry for one item."""

    high: tuple[str, ...]
    gap: str
    middle: tuple[str, ...]
    low: tuple[str, ...]
    advice: tuple[str, ...]
    steps: tuple[str, ...]
    who: str
    days: int
    values: Mapping[int, tuple[int, int]]

    def sentences(self, rating: int) -> tuple[str, ...]:
        if rating > 3:
            return self.high
        return self.middle if rating == 3 else self.low


@cache
def bank() -> tuple[dict[str, Evidence], tuple[str, ...]]:
    """Evidence by item code, and sentences that fit anywhere."""
    data: dict[str, Any] = yaml.safe_load(BANK.read_text(encoding="utf-8"))
    general = tuple(data.pop("general"))
    return {code: _evidence(entry) for code, entry in data.items()}, general


def _evidence(entry: dict[str, Any]) -> Evidence:
    lists = {name: tuple(entry[name]) for name in ("high", "middle", "low", "advice", "steps")}
    values = {rating: (low, high) for rating, (low, high) in entry.get("values", {}).items()}
    return Evidence(**lists, gap=entry["gap"], who=entry["who"], days=entry["days"], values=values)


def leanings(rng: random.Random) -> dict[str, float]:
    """What a team is better or worse at than others, which lasts from review to review."""
    return {code: rng.gauss(0, 0.55) for code in MEANS}


def ratings(rng: random.Random, total: int, leaning: Mapping[str, float]) -> dict[str, int]:
    """25 whole numbers from 1 to 5 with exactly this sum, low where such teams are low."""
    headroom = {code: 5.6 - mean for code, mean in MEANS.items()}
    weight = (total - SUSTAINED) / sum(headroom.values())
    wished = {
        code: mean + weight * headroom[code] + leaning[code] + rng.gauss(0, 0.4)
        for code, mean in MEANS.items()
    }
    rated = {code: round(min(max(value, LOWEST), HIGHEST)) for code, value in wished.items()}
    while (short := total - sum(rated.values())) != 0:
        step = 1 if short > 0 else -1
        free = [code for code in rated if LOWEST <= rated[code] + step <= HIGHEST]
        code = max(free, key=lambda code: (step * (wished[code] - rated[code]), code))
        rated[code] += step
        wished[code] -= step * 0.35  # spreads further steps over other items
    return rated


def found(rng: random.Random, item: Item, rating: int, words: Mapping[str, str]) -> str:
    """One or two sentences about what was seen."""
    evidence, general = bank()
    entry = evidence[item.code]
    parts = [rng.choice(entry.sentences(rating)), entry.gap if rating == HIGHEST - 1 else rng.choice(general)]
    low, high = entry.values.get(rating, (0, 0))
    return _filled(" ".join(part for part in parts if part), words, value=rng.randint(low, high), rng=rng)


def advice(rng: random.Random, item: Item, rating: int, words: Mapping[str, str]) -> str:
    """What to do, then the anchor it leads to; nothing at the highest rating."""
    if rating == HIGHEST:
        return ""
    text = _filled(rng.choice(bank()[0][item.code].advice), words, value=0, rng=rng)
    return f"{text}\n\nTo reach {goal(rating)}: {item.anchors[goal(rating) - 1]}"


def _filled(text: str, words: Mapping[str, str], *, value: int, rng: random.Random) -> str:
    return text.format(
        value=value,
        records=rng.randint(8, 12),
        person=words["person_served"],
        people=words["people_served"],
        agency=words["agency"],
        specialist=words["specialist"],
        specialists=words["specialists"],
    )


def sources(rng: random.Random, item: Item) -> list[str]:
    """Where the reviewers looked: most of what the item names."""
    chosen = [code for code in item.sources if rng.random() < 0.75]
    return chosen or [item.sources[0]]


def weakest(scale: Scale, rated: Mapping[str, int], most: int) -> list[str]:
    """The items a plan takes up: rated 3 or lower, or else the weakest, three at least."""
    order = {code: place for place, code in enumerate(scale.codes)}
    by_rating = sorted(rated, key=lambda code: (rated[code], MEANS[code], order[code]))
    low = [code for code in by_rating if rated[code] <= 3]
    return (low if len(low) >= 3 else [code for code in by_rating if rated[code] < HIGHEST][:3])[:most]
