"""The shipped scale is whole, and a scale with a mistake in it is refused with the place of the mistake."""

import copy
import json
from datetime import date
from typing import Any

import pytest

from fidelity.scales import Scale, ScaleError, UnknownItem, document, load, shipped
from fidelity.visits import blank_visit, columns, measured, questions_of

SMALL: dict[str, Any] = {
    "key": "small",
    "version": "1",
    "name": "Small scale",
    "year": 2026,
    "effective_from": "2026-01-01",
    "na_policy": "score_1",
    "tie_rule": "up",
    "sources": [{"code": "INT", "name": "Interviews"}],
    "sections": [
        {
            "code": "A",
            "name": "First",
            "items": [
                {
                    "code": f"A{n}",
                    "seq": n,
                    "name": f"Item {n}",
                    "measure": "What is measured.",
                    "kind": "anchor",
                    "sources": ["INT"],
                    "anchors": ["one", "two", "three", "four", "five"],
                }
                for n in (1, 2, 3)
            ],
        }
    ],
}


def small(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(SMALL) | changes


def with_item(**changes: Any) -> dict[str, Any]:
    data = small()
    data["sections"][0]["items"][1] |= changes
    return data


@pytest.fixture(scope="module")
def ips25() -> Scale:
    return load("ips25-2008")


def test_the_scale_of_2008_has_25_items_in_three_sections(ips25: Scale) -> None:
    assert [(s.code, s.name, len(s.items), s.possible) for s in ips25.sections] == [
        ("ST", "Staffing", 3, 15),
        ("OR", "Organization", 8, 40),
        ("SV", "Services", 14, 70),
    ]
    assert [item.seq for item in ips25.items] == list(range(1, 26))
    assert (ips25.lowest_possible, ips25.possible) == (25, 125)
    assert (ips25.year, ips25.na_policy, ips25.tie_rule) == (2008, "require_rating", "down")
    assert "4th edition" in ips25.edition


def test_its_bands_are_those_of_2008(ips25: Scale) -> None:
    assert [(band.key, band.minimum, band.maximum) for band in ips25.bands] == [
        ("exemplary", 115, 125),
        ("good", 100, 114),
        ("fair", 74, 99),
        ("none", 25, 73),
    ]


def test_every_item_says_what_to_look_at_where_and_how_sure_we_are(ips25: Scale) -> None:
    for item in ips25.items:
        assert len(set(item.anchors)) == 5, item.code
        assert item.measure, item.code
        assert item.guidance, item.code
        assert item.sources, item.code
        assert item.source, item.code
        assert item.confidence in {"page", "top", "memory"}, item.code


def test_every_anchor_reads_as_a_sentence_short_enough_for_a_tile(ips25: Scale) -> None:
    for item in ips25.items:
        for anchor in item.anchors:
            assert anchor.endswith("."), (item.code, anchor)
            assert len(anchor) <= 240, (item.code, len(anchor))


def test_ratings_of_single_specialists_are_averaged_for_three_items(ips25: Scale) -> None:
    assert [item.code for item in ips25.items if item.per_specialist] == ["SV6", "SV7", "SV13"]


@pytest.mark.parametrize(
    ("code", "kind", "components"),
    [
        ("ST1", "range", 0),
        ("ST3", "count", 6),
        ("OR2", "count", 5),
        ("OR3", "matrix", 0),
        ("OR4", "anchor", 0),
        ("OR5", "count", 5),
        ("OR7", "count", 5),
        ("OR8", "count", 5),
        ("SV2", "count", 4),
        ("SV14", "count", 6),
    ],
)
def test_count_items_list_their_components(ips25: Scale, code: str, kind: str, components: int) -> None:
    item = ips25.item(code)
    assert (item.kind, len(item.components)) == (kind, components)


def test_the_three_open_values_carry_a_note(ips25: Scale) -> None:
    assert [item.code for item in ips25.items if item.boundary_note] == ["SV6", "SV10", "SV13"]


def test_an_anchor_is_found_by_its_rating(ips25: Scale) -> None:
    assert "21 to 25" in ips25.item("ST1").anchor(4)
    assert ips25.item("ST1").anchor(1).startswith("41")


def test_an_unknown_item_is_named(ips25: Scale) -> None:
    with pytest.raises(UnknownItem, match="no item “SV15”"):
        ips25.item("SV15")


def test_data_sources_have_names(ips25: Scale) -> None:
    assert [source.code for source in ips25.sources] == ["MIS", "DOC", "INT", "OBS", "ISP"]
    assert ips25.source_name("OBS") == "Observation"


def test_every_shipped_scale_survives_being_stored_as_json() -> None:
    for scale in shipped():
        stored = json.loads(json.dumps(document(scale.key)))
        assert Scale.parse(stored) == scale
        assert Scale.parse(stored).content_hash == scale.content_hash


def test_another_wording_gives_another_hash_and_another_order_of_keys_does_not() -> None:
    first = Scale.parse(small())
    assert Scale.parse(dict(reversed(small().items()))).content_hash == first.content_hash
    assert Scale.parse(small(name="Other")).content_hash != first.content_hash


def test_a_scale_is_read_once() -> None:
    assert load("ips25-2008") is load("ips25-2008")


@pytest.mark.parametrize("key", ["se99", "../policies/national", "", "*"])
def test_a_scale_that_is_not_shipped_is_refused_with_the_ones_that_are(key: str) -> None:
    with pytest.raises(ScaleError, match="ips25-2008"):
        load(key)


def test_a_scale_needs_no_bands() -> None:
    scale = Scale.parse(small())
    assert scale.bands == ()
    assert scale.labelled({"good": "Great"}) == ()


def test_a_states_labels_replace_only_the_bands_they_name(ips25: Scale) -> None:
    labels = {band.key: band.label for band in ips25.labelled({"exemplary": "Exceptional practice"})}
    assert labels["exemplary"] == "Exceptional practice"
    assert labels["good"] == "Good"


BANDS = [
    {"key": "low", "label": "Low", "minimum": 3, "maximum": 9},
    {"key": "high", "label": "High", "minimum": 10, "maximum": 15},
]
LADDERS = {"ladders": {"how_often": ["never", "often"]}}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], r"scale: expected a mapping, found a list"),
        (small(nmae="x"), r"scale: “nmae” is not a known key. Did you mean “name”\?"),
        ({k: v for k, v in small().items() if k != "year"}, r"scale: “year” is missing"),
        (small(year="2008"), r"scale.year: expected a whole number, found text"),
        (small(year=True), r"scale.year: expected a whole number, found yes or no"),
        (small(name="  "), r"scale.name: expected text, found an empty one"),
        (small(effective_from="1/1/2026"), r"scale.effective_from: expected a date written as"),
        (small(na_policy="skip"), r"scale.na_policy: “skip” is not one of require_rating"),
        (small(sections=[]), r"scale.sections: a scale needs at least one section"),
        (small(sections=[{"code": "A", "name": "A", "items": []}]), r"sections\[0\].items: a section needs"),
        (small(bands=BANDS[:1]), r"scale.bands: the bands end at 9, the highest total is 15"),
        (small(bands=BANDS[1:]), r"“High” starts at 10, expected 3"),
        (small(bands=[BANDS[0], BANDS[1] | {"minimum": 9}]), r"“High” starts at 9, expected 10"),
        (small(bands=[BANDS[0], BANDS[1] | {"key": "low"}]), r"the same band key stands twice"),
        (small(bands=[BANDS[0] | {"maximum": 2}]), r"bands\[0\].maximum: expected 3 or more, found 2"),
        (with_item(anchors=["one"]), r"sections\[0\].items\[1\].anchors: expected 5 entries, found 1"),
        (with_item(anchors="one"), r"items\[1\].anchors: expected a list, found text"),
        (with_item(code="A1"), r"the code A1 stands twice"),
        (with_item(seq=7), r"A2 has seq 7, but is number 2 in order"),
        (with_item(sources=["XYZ"]), r"A2 names the unknown data source XYZ"),
        (with_item(kind="guess"), r"items\[1\].kind: “guess” is not one of"),
        (with_item(per_specialist="yes"), r"per_specialist: expected yes or no, found text"),
        (with_item(kind="range"), r"A2 is a range item and needs “floors”"),
        (with_item(kind="count", floors=[0, 1, 2, 3, 4]), r"needs “components”"),
        (
            with_item(kind="count", floors=[0, 1, 2, 3, 4], components=[{"code": "a", "text": "a"}]),
            r"asks for more than the 1 components",
        ),
        (with_item(kind="matrix"), r"needs “floors” or “matrix”"),
        (with_item(kind="range", floors=[0, 10, 5, 20, 30]), r"must rise, or fall"),
        (with_item(kind="range", floors=[0, 10, 10, 20, 30]), r"must rise, or fall"),
        (with_item(kind="range", floors=[1, 2, 3, 4, 5]), r"one rating must start at 0"),
        (with_item(kind="range", floors=[0, 1, 2, 3]), r"expected 5 entries, found 4"),
        (
            with_item(gates=[{"code": "g", "cap": 5, "when": "w"}]),
            r"gates\[0\].cap: expected 1 to 4, found 5",
        ),
        (with_item(gates=[{"code": "g", "cap": 2, "when": "w"}] * 2), r"gates: the same code stands twice"),
        (with_item(components=[{"code": "g", "text": "w"}] * 2), r"components: the same code stands twice"),
        (
            with_item(boundary={"at": 3, "reads_as": 4, "may_read_as": [2, 3], "note": "n"}),
            r"boundary.reads_as: 4 is not among may_read_as",
        ),
        (with_item(kind="matrix", matrix=LADDERS | {"rules": []}), r"the last rule must hold for everything"),
        (
            with_item(
                kind="matrix",
                matrix=LADDERS | {"rules": [{"rating": 1, "needs": {}}, {"rating": 5, "needs": {}}]},
            ),
            r"from the best rating to the worst",
        ),
        (
            with_item(
                kind="matrix", matrix=LADDERS | {"rules": [{"rating": 5, "needs": {"how_often": "weekly"}}]}
            ),
            r"rules\[0\].needs.how_often: “weekly” is not one of never, often",
        ),
    ],
)
def test_a_mistake_in_a_scale_is_answered_with_its_place(data: Any, message: str) -> None:
    with pytest.raises(ScaleError, match=message):
        Scale.parse(data)


def test_the_adapted_scale_of_new_york_has_the_same_items_and_no_bands(ips25: Scale) -> None:
    adapted = load("ips25-pros-adapted")
    assert adapted.items == ips25.items
    assert adapted.bands == ()
    assert adapted.content_hash != ips25.content_hash
    assert "based_on" not in document("ips25-pros-adapted")


def test_scales_share_a_code_only_for_the_same_item() -> None:
    fifteen = load("se15")
    others = [scale for scale in shipped() if scale.key != "se15"]
    assert not {code for scale in others for code in scale.codes} & set(fifteen.codes)
    assert not {part.code for scale in others for part in scale.sections} & {
        part.code for part in fifteen.sections
    }
    assert questions_of(fifteen) == ()
    assert [[column.label for column in columns(item)] for item in measured(fifteen)] == [
        ["People on the caseload", "Percent of full time"],
        ["Weekly hours of helping people work", "Weekly hours worked in all"],
        ["Weekly hours outside the office", "Weekly hours worked in all"],
    ]


def test_an_own_item_with_a_code_of_2008_is_another_item_unless_it_keeps_the_name() -> None:
    data: dict[str, Any] = copy.deepcopy({**document("ips25-2008"), "bands": []})
    for section in data["sections"]:
        section["items"] = [item for item in section["items"] if item["code"] in ("SV3", "SV9", "SV13")]
        for seq, item in enumerate(section["items"], start=1):
            item |= {"seq": seq}
            if item["code"] in ("SV3", "SV9"):
                item["name"] = "Peer support"
    data["sections"] = [section for section in data["sections"] if section["items"]]
    own = Scale.parse(data)
    assert questions_of(own) == ()
    assert [[column.label for column in columns(item)] for item in measured(own)] == [
        ["Part", "Of all"],
        ["Scheduled hours in the community", "Scheduled hours in all"],
    ]
    asked = [wanted.text for wanted in blank_visit(own, date(2026, 10, 5)).asked]
    assert not any("job title, employer" in text or "career profile" in text for text in asked)
    assert any("A usual week of each specialist" in text for text in asked)
