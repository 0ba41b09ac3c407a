"""A state's own scale as YAML: what is wrong is said with its line, and what is right comes back as it was written."""

import pytest

from fidelity.lines import LONGEST, Faulty, write
from fidelity.scales import document, load, shipped
from fidelity.scales.written import read

SHIPPED = [scale.key for scale in shipped()]
SMALL = """key: our-scale
version: "1"
name: Our scale
year: 2026
effective_from: 2026-01-01
na_policy: require_rating
tie_rule: down
sources: [{code: INT, name: Interviews}]
bands:
  - {key: good, label: Good, minimum: 8, maximum: 10}
  - {key: none, label: Not yet, minimum: 2, maximum: 7}
sections:
  - code: A
    name: All
    items:
      - code: A1
        seq: 1
        name: First
        measure: What is seen first.
        kind: anchor
        sources: [INT]
        anchors: [one, two, three, four, five]
      - code: A2
        seq: 2
        name: Second
        measure: What is seen next.
        kind: anchor
        sources: [INT]
        anchors: [one, two, three, four, five]
"""


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(Faulty) as caught:
        read(text)
    return [(each.line, each.words) for each in caught.value.faults]


def test_a_small_scale_is_read() -> None:
    written, scale = read(SMALL)
    assert (scale.key, scale.codes, scale.possible) == ("our-scale", ("A1", "A2"), 10)
    assert written["effective_from"] == "2026-01-01"


@pytest.mark.parametrize("key", SHIPPED)
def test_what_is_written_is_read_again(key: str) -> None:
    again, scale = read(write(document(key)))
    assert again == document(key)
    assert scale == load(key)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("seq: 2", "seq: 3"), 12, "A2 has seq 3, but is number 2 in order."),
        (("code: A2", "code: A1"), 12, "The code A1 stands twice."),
        (("kind: anchor", "kind: ancor"), 20, "“ancor” is not one of range, count, matrix, anchor."),
        (("minimum: 8", "minimum: 9"), 9, "“Good” starts at 9, expected 8: every total must fall into"),
        (("maximum: 10", "maximum: 12"), 9, "The bands end at 12, the highest total is 10."),
        (("key: our-scale", "key: Our scale"), 1, "A key has up to 40 small letters"),
        (("code: A2", "code: A2-is-far-too-long"), 23, "A code has up to 10 letters"),
        (("year: 2026", "year: soon"), 4, "Expected a whole number, found text."),
        (("effective_from: 2026-01-01", "effective_from: 1/1/2026"), 5, "Expected a date written as"),
        (("measure: What is seen first.", "mesure: What"), 16, "“mesure” is not a known key. Did you mean"),
        (("tie_rule: down", "tie_rule: down\ntie_rule: up"), 8, "“tie_rule” stands twice."),
        (("key: good", "key: Good"), 10, "A band's key has up to 20 small letters"),
        (("key: none", "key: not-yet-quite-supported"), 11, "A band's key has up to 20 small letters"),
        (("year: 2026", "year: !!int x"), 4, "Cannot be read: write it without a tag"),
        (("name: Our scale", "name: !!bool x"), 3, "Cannot be read: write it without a tag"),
        (("name: Our scale", "name: ! x"), 3, "Cannot be read: write it without a tag"),
        (("bands:", "bands: !!omap"), 9, "Cannot be read: write it without a tag"),
        (("year: 2026", "year: 0x_"), 4, "Cannot be read: this is no number."),
        (("year: 2026", f"year: {'9' * 5000}"), 4, "Cannot be read: this is no number."),
        (("name: Our scale", r'name: "a\ud800b"'), 3, "A character that cannot be kept"),
        (("name: First", r'name: "a\0b"'), 18, "A character that cannot be kept"),
        (("name: First", r'"na\x07me": b'), 18, "A character that cannot be kept"),
        (("name: Our scale", "name: a\ud800b"), 3, "A character that cannot be kept"),
        (("name: Our scale", "name: a\x00b"), 3, "A character that cannot be kept"),
        (
            ("kind: anchor", "kind: range\n        floors: [0, 1, 2, 3, 4]"),
            21,
            "Say in “unit” what the numbers count",
        ),
        (("name: All", "name: &all All"), None, ""),
    ],
)
def test_a_fault_is_told_with_its_line(change: tuple[str, str], line: int | None, words: str) -> None:
    text = SMALL.replace(*change, 1) if change[0] != "code: A2" else SMALL.replace(*change)
    if line is None:
        assert read(text)[1].sections[0].name == "All"  # a name for it alone does no harm
        return
    (told,) = faults(text)
    assert told[0] == line
    assert told[1].startswith(words)


def test_all_items_are_looked_at_and_every_fault_is_told() -> None:
    few = SMALL.replace("[one, two, three, four, five]", "[one]")
    assert faults(few) == [
        (22, "Expected 5 entries, found 1."),
        (29, "Expected 5 entries, found 1."),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "A scale begins with lines such as"),
        ("- one\n- two", "A scale begins with lines such as"),
        ("key: [", "Cannot be read: "),
        ("key: our\n\tname: x", "Cannot be read: "),
        ("key: \x00", "A character that cannot be kept"),
        ("a: &a [x]\nb: *a", "Cannot be read: write it out instead of a reference"),
        ("key: !!python/object:os.system x", "Cannot be read: write it without a tag"),
        ("? [a, b]\n: c", "A key is one word."),
        ("key: " + "[" * 20_000, "Cannot be read: it is nested too deep."),
        ("#" * (LONGEST + 1), f"A scale has at most {LONGEST:,} characters"),
        ("key: our-scale", "“version” is missing."),
    ],
)
def test_what_is_no_scale_is_said_so(text: str, words: str) -> None:
    told = faults(text)
    assert told[0][1].startswith(words)
