"""A form that is sent again with its key gets the first answer, if it says what it said then."""

from agencies.refusals import Unacceptable


def check_same(*, is_same: bool, then: str = "Open the form again to send something else.") -> None:
    """Raises Unacceptable where the same key comes with something else: the sender must not take it for saved."""
    if not is_same:
        raise Unacceptable(
            f"This key was used for a different request. What was sent with it first stands. {then}"
        )
