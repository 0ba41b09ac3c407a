"""The catalogue people read: one set of words for each rule, plain, and true of the rule itself."""

import re
from dataclasses import replace
from itertools import chain

import pytest

from outcomes.checks import EXPLAIN, Finding, Level, Rule, catalogue
from outcomes.figures import Figure
from outcomes.measures import Measure, edition

RULES = catalogue()
LONGEST_SENTENCE = 32  # words
HARDEST_GRADE = 10.0  # of school, by Flesch and Kincaid; most sentences are far below
PUBLISHED = {f"V{number:02}" for number in range(1, 22)}


def each(rule: Rule) -> str:
    return rule.id


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z][A-Za-z'-]*", text)


def syllables(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower()))))


def grade(text: str) -> float:
    sentences = [part for part in re.split(r"(?<=[.?!;:])\s", text) if words(part)]
    counted = words(text)
    return 0.39 * len(counted) / len(sentences) + 11.8 * sum(map(syllables, counted)) / len(counted) - 15.59


def test_every_published_rule_is_in_the_catalogue() -> None:
    assert {rule.id for rule in RULES} >= PUBLISHED
    levels = {rule.id: rule.level for rule in RULES if rule.id in PUBLISHED}
    assert {key for key, level in levels.items() if level is Level.WARNING} == {
        f"V{n}" for n in range(11, 19)
    }
    assert {key for key, level in levels.items() if level is Level.INFORMATION} == {"V19"}


@pytest.mark.parametrize("rule", RULES, ids=each)
def test_every_example_is_true_of_its_own_rule(rule: Rule) -> None:
    findings = rule.check(*rule.example)
    assert findings
    assert rule.example_text == findings[0].text
    assert {finding.rule for finding in findings} == {rule.id}


@pytest.mark.parametrize("rule", RULES, ids=each)
def test_every_finding_says_what_where_why_and_how(rule: Rule) -> None:
    for finding in rule.check(*rule.example):
        assert isinstance(finding, Finding)
        assert all((finding.title, finding.saw, finding.expected, finding.why, finding.fix))
        assert finding.text.endswith(".")
        assert finding.text[0].isupper() or not finding.text[0].isalpha()
        assert not re.search(r"\bV\d\d\b", finding.text)  # no codes on a page
        assert set(finding.measures) <= edition().by_key.keys()
        assert finding.fix.endswith(EXPLAIN) == (rule.level is Level.WARNING)


@pytest.mark.parametrize("rule", RULES, ids=each)
def test_a_rule_names_its_fields_and_its_source(rule: Rule) -> None:
    assert set(rule.looks_at) <= edition().by_key.keys()
    assert rule.source
    assert all(text.endswith(".") for text in (rule.when, rule.why, rule.fix))


def test_no_two_rules_share_a_text() -> None:
    texts = [*chain.from_iterable((rule.title, rule.when, rule.why, rule.fix) for rule in RULES)]
    texts += [finding.text for rule in RULES for finding in rule.check(*rule.example)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("rule", RULES, ids=each)
def test_the_words_are_plain(rule: Rule) -> None:
    for text in (rule.when, rule.why, rule.fix):
        for sentence in re.split(r"(?<=[.?!])\s", text):
            assert len(words(sentence)) <= LONGEST_SENTENCE, sentence
    assert grade(" ".join((rule.when, rule.why, rule.fix))) <= HARDEST_GRADE


@pytest.mark.parametrize("entry", [entry for entry in RULES if entry.needs], ids=each)
def test_a_rule_says_nothing_without_the_numbers_it_needs(entry: Rule) -> None:
    (case,) = entry.example
    for key in entry.needs:
        without = replace(case, figures=case.figures.with_figure(key, Figure()))
        assert entry.check(case)
        assert not entry.check(without)


@pytest.mark.parametrize("told", [*RULES, *edition().measures], ids=lambda told: getattr(told, "id", ""))
def test_a_source_is_one_that_readers_can_look_up(told: Rule | Measure) -> None:
    """Not the papers this portal was built from."""
    assert told.source
    assert not re.search(r"\breference\b|\bcatalogue\b|\bpeers\b", told.source.lower())
