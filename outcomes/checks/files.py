"""All rows of one file together: what one row alone cannot show."""

from collections import Counter
from collections.abc import Iterator

from outcomes.checks.examples import ordinary
from outcomes.checks.rules import OURS, Case, Level, Rule, Seen, register
from outcomes.figures import Number, written

# Our reading of "many": fewer rows than this agree by chance, and so does a small share of a long file.
ROWS = 5
PERCENT_OF_ROWS = 10
# Small counts agree by chance in every file, so those must fill half of it, as a column of zeros does.
SMALL = 10
PERCENT_OF_ROWS_IF_SMALL = 50
NAMED = 3  # values written out; the rest is a number
NOT_UNUSUAL = ("V18",)  # the same numbers as last quarter are a copied report, not a shifted column


def same_unusual_value(cases: tuple[Case, ...]) -> Iterator[Seen]:
    """A value is unusual in a row where an error or a warning points at it."""
    counted = Counter(entry for case in cases for entry in set(_unusual(case)))
    many = [
        (key, value, rows)
        for (key, value), rows in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
        if rows >= ROWS
        and rows * 100 >= len(cases) * (PERCENT_OF_ROWS_IF_SMALL if value < SMALL else PERCENT_OF_ROWS)
    ]
    if many:
        labels = {measure.key: measure.label for case in cases for measure in case.measures}
        named = [
            f"{rows} rows with {written(value)} for “{labels[key]}”" for key, value, rows in many[:NAMED]
        ]
        more = f", and {len(many) - NAMED} more values like that" if len(many) > NAMED else ""
        keys = tuple(dict.fromkeys(key for key, _, _ in many))
        yield Seen(
            f"{', '.join(named)}{more}, each unusual",
            "different teams seldom agree like this, so a column may have slipped",
            keys,
        )


def _unusual(case: Case) -> Iterator[tuple[str, Number]]:
    stable = {measure.key for measure in case.measures if measure.is_stable}  # staff agrees anyway
    for finding in case.found:
        if finding.level is Level.INFORMATION or finding.rule in NOT_UNUSUAL:
            continue
        for key in finding.measures:
            if key not in stable and (value := case.number(key)) is not None:
                yield key, value


register(
    Rule(
        id="V35",
        level=Level.WARNING,
        title="Was a column shifted?",
        looks_at=(),
        when=f"In a file, {ROWS} rows or more, and at least {PERCENT_OF_ROWS}% of all, share an unusual value. "
        f"A value under {SMALL} must fill {PERCENT_OF_ROWS_IF_SMALL}% of the rows.",
        why="When a column has slipped, every row looks a little wrong, and nobody reads hundreds of rows.",
        fix="Compare the first row with its columns. Correct the file and upload it again; nothing was saved.",
        source=OURS,
        example=tuple(ordinary(served=40 + row, employed=99) for row in range(ROWS)),
        look=same_unusual_value,
        is_on_files=True,
    )
)
