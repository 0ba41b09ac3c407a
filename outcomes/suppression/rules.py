"""What a state hides, and the least it must hide: dated settings over the defaults of trust reference 2.4.

A figure is sensitive by itself (`is_sensitive`) when it, or what is left of its group without it, counts people too
few to be named as a number. Everything else that is hidden is hidden only to protect those.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from outcomes.policy import Sharing

FLOOR = 11  # nobody outside the state's leads may see a smaller count (rule 9)


@dataclass(frozen=True)
class Rules:
    """Counts of people throughout; `largest_share` in percent."""

    threshold: int = FLOOR  # the least count that other agencies of the state may see
    stakeholder_threshold: int = FLOOR
    fewest_agencies: int = 3  # behind a total that stakeholders see
    largest_share: int = 80  # of one agency in such a total
    hidden_in_a_total: int = 3  # or the total goes: whoever knows one of two hidden figures knows the other
    narrowest_range: int = 5  # how many values a hidden figure may still have, at the least

    @property
    def meaning(self) -> str:
        """What readers are told of a number that is not shown: never that it is a small one (rule 11)."""
        return (
            f"A number is not shown where it counts fewer than {self.threshold} people, or leaves fewer than "
            f"{self.threshold} others in its group, and where such a number could be worked out from it. "
            "So what is not shown may be small or large."
        )

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


def rules_of(sharing: Sharing) -> Rules:
    """The rules under what a state's dated policy says of sharing."""
    return Rules(sharing.threshold, sharing.threshold, narrowest_range=sharing.narrowest_range)
