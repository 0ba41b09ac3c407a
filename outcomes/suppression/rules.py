"""What a state hides, and the least it must hide: dated settings over the defaults of trust reference 2.4.

A figure is sensitive by itself (`is_sensitive`) when it, or what is left of its group without it, counts people too
few to be named as a number. Everything else that is hidden is hidden only to protect those.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fidelity.documents import DocumentError, Node
from outcomes.policy import Sharing

FLOOR = 11  # nobody outside the state's leads may see a smaller count (rule 9)
DEFAULTS: Mapping[str, object] = {
    "peers": {"threshold": FLOOR},
    "stakeholders": {"threshold": FLOOR, "fewest_agencies": 3, "largest_share": 80},
    "hidden_in_a_total": 3,
    "narrowest_range": 5,
}


class RulesError(DocumentError):
    """The settings are no rules of suppression; the text names the place."""


@dataclass(frozen=True)
class Rules:
    """Counts of people throughout; `largest_share` in percent."""

    threshold: int = FLOOR  # the least count that other agencies of the state may see
    stakeholder_threshold: int = FLOOR
    fewest_agencies: int = 3  # behind a total that stakeholders see
    largest_share: int = 80  # of one agency in such a total
    hidden_in_a_total: int = 3  # or the total goes: whoever knows one of two hidden figures knows the other
    narrowest_range: int = 5  # how many values a hidden figure may still have, at the least

    def is_small(self, count: int) -> bool:
        """1 to 10 people. Nobody at all is no small count: that depends on the group (rules 1 and 13)."""
        return 0 < count < self.threshold

    def is_sensitive(self, count: int, group: int | None) -> bool:
        """May this count never be shown? In a group under 11, 0 % and 100 % say the same of everybody (3 and 13).

        Of how many nobody is none is not known where the group was not counted.
        """
        return self.is_small(count) or (count == 0 if group is None else group < self.threshold)

    def is_hidden_enough(self, low: int, high: int, *, sensitive: bool) -> bool:
        """May a reader know that a hidden figure lies from `low` to `high`? A small one must still look like a
        large one, for the words say of no hidden figure that it is the small one (rule 10)."""
        return high - low + 1 >= self.narrowest_range and (not sensitive or high >= self.threshold)

    def stakeholders_may_see(self, value: int, by_agency: Mapping[str, int]) -> bool:
        """A total over enough agencies, of which none has nearly all, and which is large enough for them."""
        if 0 < value < self.stakeholder_threshold or len(by_agency) < self.fewest_agencies:
            return False
        return 100 * max(by_agency.values()) <= self.largest_share * value


def read(data: Mapping[str, object]) -> Rules:
    """A state's settings over the defaults, one level deep. Raises RulesError, naming the place.

    Shape: {"peers": {"threshold": 11}, "stakeholders": {"threshold": 11, "fewest_agencies": 3,
    "largest_share": 80}, "hidden_in_a_total": 3, "narrowest_range": 5}; each key may be left out.
    """
    node = Node(_over_defaults(data), "suppression", RulesError)
    node.mapping(DEFAULTS)
    peers, stakeholders = node.child("peers"), node.child("stakeholders")
    peers.mapping({"threshold"})
    stakeholders.mapping({"threshold", "fewest_agencies", "largest_share"})
    return Rules(
        threshold=peers.child("threshold").number(FLOOR, 100),
        stakeholder_threshold=stakeholders.child("threshold").number(FLOOR, 100),
        fewest_agencies=stakeholders.child("fewest_agencies").number(3, 50),
        largest_share=stakeholders.child("largest_share").number(1, 80),
        hidden_in_a_total=node.child("hidden_in_a_total").number(3, 10),
        narrowest_range=node.child("narrowest_range").number(5, 20),
    )


def rules_of(sharing: Sharing) -> Rules:
    """The rules under what a state's dated policy says of sharing. Raises RulesError."""
    threshold = {"threshold": sharing.threshold}
    return read({"peers": threshold, "stakeholders": threshold, "narrowest_range": sharing.narrowest_range})


def _over_defaults(data: Mapping[str, object]) -> dict[str, object]:
    merged = dict(DEFAULTS)
    for key, value in data.items():
        default = DEFAULTS.get(key)
        merged[key] = {**default, **value} if isinstance(default, dict) and isinstance(value, dict) else value
    return merged
