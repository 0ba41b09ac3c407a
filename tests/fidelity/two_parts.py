"""A scale with two parts of different sizes, as a state writes it: four items lead, three have a total of their own."""

from fidelity.scales import Scale
from fidelity.scales.written import read

ITEM = """      - code: {code}
        seq: {seq}
        name: {name}
        measure: What is seen of it.
        kind: anchor
        sources: [INT]
        anchors: [one, two, three, four, five]
"""
HEAD = """key: our-youth
version: "1"
name: Our scale for young people
year: 2026
edition: First edition
effective_from: 2026-01-01
na_policy: require_rating
tie_rule: down
sources: [{code: INT, name: Interviews}]
subscales:
  - code: EMP
    name: Employment
    leads: true
    bands:
      - {key: exemplary, label: Strong, minimum: 18, maximum: 20}
      - {key: good, label: Sound, minimum: 14, maximum: 17}
      - {key: fair, label: Fair, minimum: 10, maximum: 13}
      - {key: none, label: Not yet, minimum: 4, maximum: 9}
  - code: EDU
    name: Education
    bands:
      - {key: far, label: Far along, minimum: 11, maximum: 15}
      - {key: begun, label: Begun, minimum: 3, maximum: 10}
sections:
"""
SECTIONS = (
    ("W", "Work staff", "EMP", (("W1", "Caseload"), ("W2", "Work alone"))),
    ("S", "School", "EDU", (("S1", "Choice of school"), ("S2", "Campus contacts"), ("S3", "Study help"))),
    ("J", "Jobs", "EMP", (("J1", "Rapid search"), ("J2", "Job support"))),
)
EMPLOYMENT, EDUCATION = ("W1", "W2", "J1", "J2"), ("S1", "S2", "S3")


def written() -> str:
    """The sections of the parts stand mixed, as they may."""
    text, seq = HEAD, 0
    for code, name, part, items in SECTIONS:
        text += f"  - code: {code}\n    name: {name}\n    subscale: {part}\n    items:\n"
        for item, called in items:
            seq += 1
            text += ITEM.format(code=item, seq=seq, name=called)
    return text


def scale() -> Scale:
    return read(written())[1]
