"""Corrections of issued reports for tests, made through the same actions as people use."""

from datetime import date, timedelta
from typing import Any

from agencies import tenancy
from fidelity import reports
from fidelity.actions import correcting, opening
from fidelity.actions.correcting import ItemWords
from fidelity.models import Correction, Edition, Review
from ips_portal.reports import storage
from ips_portal.reports.models import StoredFile
from tests.cast import StateCast
from tests.fidelity import reviews

WHY = "Item 1 was rated by last year's caseloads."
BETTER = ItemWords(5, "Caseloads of 18 people.", "Keep it so.", is_priority=False)


def as_read(review: Review) -> Review:
    found: Review = reports.reviews().get(pk=review.pk)
    return found


def stored(cast: StateCast, review: Review) -> int:
    """The version of the last correction."""
    with tenancy.as_system(cast.state.pk):
        return int(Correction.objects.filter(review=review).latest("pk").version)


def opened(
    cast: StateCast,
    review: Review,
    *,
    items: tuple[str, ...] = ("ST1",),
    with_texts: bool = False,
    writer: str = "trainer",
    until: date | None = None,
    reason: str = WHY,
    by: str = "admin",
) -> Correction:
    with reviews.acting(cast, by) as actor:
        return opening.begin(
            as_read(review),
            items=items,
            with_texts=with_texts,
            writer=cast.memberships[writer],
            until=until or cast.state.today() + timedelta(days=7),
            reason=reason,
            by=actor,
        )


def written(
    cast: StateCast,
    review: Review,
    by: str = "trainer",
    *,
    version: int = 0,
    texts: Any = None,
    **items: ItemWords,
) -> Correction:
    """Items by their code; the version is the one stored, unless said."""
    read = version or stored(cast, review)
    with reviews.acting(cast, by) as actor:
        return correcting.save_correction(as_read(review), items=items, texts=texts, version=read, by=actor)


def handed_over(cast: StateCast, review: Review, by: str = "trainer") -> int:
    with reviews.acting(cast, by) as actor:
        return correcting.hand_over(as_read(review), by=actor)


def issued(cast: StateCast, review: Review, by: str = "admin", *, version: int = 0) -> Edition:
    read = version or stored(cast, review)
    with reviews.acting(cast, by) as actor:
        return correcting.issue(as_read(review), version=read, by=actor)


def corrected(cast: StateCast, review: Review, **items: ItemWords) -> Edition:
    """All the way: opened over these items, written by the trainer, issued by the admin."""
    words = items or {"ST1": BETTER}
    opened(cast, review, items=tuple(words))
    written(cast, review, **words)
    handed_over(cast, review)
    return issued(cast, review)


def kept(review: Review) -> StoredFile:
    """A file in the storage, as a worker leaves it."""
    content = b"%PDF-1.7 edition 1"
    file = StoredFile(
        state_id=review.state_id,
        team_id=review.team_id,
        sha256=storage.digest(content),
        size=len(content),
        content_type="application/pdf",
    )
    storage.keep(file.path, content)
    file.save()
    return file
