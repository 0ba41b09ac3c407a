"""Whole percents of counts, in whole numbers alone, so that no two places round differently."""


def whole_percent(part: int | None, whole: int | None) -> int | None:
    """Half up. Nothing where a number is missing, or of nobody."""
    return (200 * part + whole) // (2 * whole) if part is not None and whole else None
