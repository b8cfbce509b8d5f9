"""Standing queries match what their trees do, and both what the oracle says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

import pytest

from newscrawl.alerts import standing
from newscrawl.alerts.standing import Entry, Standing
from newscrawl.extract.normalise import normalise
from newscrawl.query import literals
from newscrawl.query import sieve as sieves
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.sieve import sieve
from newscrawl.query.subject import Subject, subject_of
from tests.index.test_agreement import asked, drawn, families
from tests.makers import article
from tests.query.oracle import holds
from tests.query.pairs import TITLES
from tests.query.test_evaluate import (
    KINDS,
    changed,
    operators,
    without_distance,
    without_exceptions,
    without_field,
    without_not,
    without_prefix,
)

FAMILIES, WORD_QUERIES = 25, 250


@dataclass(frozen=True)
class Asked:
    """A query, and the numbers of the articles that it finds by the oracle."""

    query: tuple
    text: str
    expected: frozenset[int]


class Pairs:
    """Generated articles, each with twins, and queries of words and of cuts, all with all."""

    def __init__(self) -> None:
        found = drawn(families(), FAMILIES)
        self.articles = [normalise(member) for family in found for member in family.members]
        self.words = [self._asked(*each) for each in drawn(asked(), WORD_QUERIES)]
        self.cuts = [self._asked(*each) for family in found for each in family.asked]
        self.asked = self.words + self.cuts

    def subjects(self) -> list[Subject]:
        return self.folded()

    def folded(self) -> list[Subject]:
        return [subject_of(each, TITLES[each.paper]) for each in self.articles]

    def unfolded(self) -> list[Subject]:
        return [
            replace(seen, headline=each.headline, body=tuple(each.paragraphs))
            for seen, each in zip(self.folded(), self.articles, strict=True)
        ]

    def _asked(self, query: tuple, text: str) -> Asked:
        every = enumerate(self.articles)
        return Asked(
            query, text, frozenset(n for n, one in every if holds(query, one, TITLES[one.paper]))
        )


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return Pairs()


@pytest.fixture(autouse=True, params=["few", "many"])
def parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of this holds of what is put together as plain Python, and as arrays."""
    if request.param == "many":
        monkeypatch.setattr(standing, "FEW", 0)


def entry(number: int, query: str) -> Entry:
    return Entry(number, query, sieve(parse(query)).text())


def disagreements(
    pairs: Pairs, text: Callable[[Asked], str] = lambda one: one.text
) -> Iterator[str]:
    """The articles for which other queries match than the oracle says."""
    made = Standing(entry(number, text(one)) for number, one in enumerate(pairs.asked))
    for number, seen in enumerate(pairs.subjects()):
        expected = [n for n, one in enumerate(pairs.asked) if number in one.expected]
        wrong = sorted({*made.matching(seen)} ^ {*expected})
        if wrong:
            yield f"{number}: {[pairs.asked[n].text for n in wrong]}"


def test_standing_queries_are_the_oracle(pairs):
    assert list(disagreements(pairs)) == []


def test_the_pairs_are_not_idle(pairs):
    count = len(pairs.words) * len(pairs.articles)
    assert count >= 10_000
    assert sum(len(one.expected) for one in pairs.words) >= 0.3 * count
    for kind in KINDS:
        some = [one for one in pairs.asked if kind in {*operators(one.query)}]
        assert len(some) >= 20, kind
        assert sum(len(one.expected) for one in some) >= 50, kind
    exact = [sieve(parse(one.text)).exact for one in pairs.asked]
    assert 0.2 < sum(exact) / len(exact) < 0.9


@pytest.mark.parametrize(
    "change", [without_not, without_field, without_prefix, without_exceptions, without_distance]
)
def test_a_mutant_that_ignores_a_part_of_the_query_is_noticed(pairs, change):
    assert any(disagreements(pairs, lambda one: show(changed(parse(one.text), change))))


MUTANTS = {
    "folding off": (Pairs, "subjects", Pairs.unfolded),
    "parts of words": (literals, "_edge", lambda _character: ""),
    "fields ignored": (sieves, "FIELDS", dict.fromkeys(literals.FIELDS, literals.ANYWHERE)),
    "names looked for in the text": (sieves, "NAMES", literals.ANYWHERE),
    "doubtful is sure": (standing, "matches", lambda _tree, _subject: True),
    "doubtful is nothing": (standing, "matches", lambda _tree, _subject: False),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_of_the_matching_is_noticed(pairs, mutant, monkeypatch):
    monkeypatch.setattr(*MUTANTS[mutant])
    assert any(disagreements(pairs))


def subject(*paragraphs: str, **changes: object) -> Subject:
    made = article(**{"headline": "", "paragraphs": list(paragraphs)} | changes)
    return subject_of(normalise(made), "杭州日报")


def test_a_table_of_nothing_matches_nothing():
    assert Standing().matching(subject("临空经济")) == []
    assert len(Standing()) == 0
    gone = Standing([entry(1, "临空")])
    gone.drop([1, 2])
    assert gone.matching(subject("临空")) == []
    assert Standing([entry(1, "临空 -临空")]).matching(subject("临空")) == []


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("AI", "MAIN", False),
        ("AI", "ＡＩ进入大厅", True),
        ("MA*", "进入MAIN大厅", True),
        ("202", "2026年", False),
        ("5G手机", "15G手机", False),
        ("臨空經濟", "临空经济", True),
        ("临空经济", "臨空\n經濟", True),
        ("临空经济", "临空\n\n经济", True),
        ("王伟", "记者：王　伟", True),
        ("𠮷田", "董事长𠮷田", True),
        ("䶮 㛃", "王䶮与李㛃", True),
        ('"，“好”。"', "他说，“好”。", True),
        ('"，“好”。"', "他说“好”。", False),
    ],
)
def test_what_a_person_may_ask(query, text, found):
    assert Standing([entry(7, query)]).matching(subject(text)) == ([7] if found else [])


def test_paragraphs_and_fields_do_not_run_together():
    made = Standing([entry(1, "甲乙"), entry(2, "乙丙"), entry(3, "甲 丙"), entry(4, '"AI MAIN"')])
    assert made.matching(subject("乙", "丙AI", "MAIN", headline="甲")) == [3]


def test_equal_queries_share_their_literals_and_all_match():
    made = Standing(entry(number, "临空 OR 空经 OR headline:临空") for number in range(50, 0, -1))
    made.put([entry(99, "空经")])
    assert made.matching(subject("临空经济", headline="临空")) == [*range(1, 51), 99]


def test_one_with_the_same_id_takes_the_place():
    made = Standing([entry(1, "临空"), entry(2, "临空"), entry(1, "经济")])
    assert len(made) == 2
    assert made.matching(subject("临空")) == [2]
    assert made.matching(subject("经济")) == [1]
    made.put([entry(2, "经济")])
    assert len(made) == 2
    assert made.matching(subject("经济")) == [1, 2]


@pytest.mark.parametrize("stored", [None, "", "0\n=t没有", "1\n=t", "1\n=z没有", "1\n=d没有"])
def test_a_sieve_that_is_missing_damaged_or_of_another_format_is_made_anew(stored):
    made = Standing([Entry(1, '临空 "经济 示范"~3', stored)])
    assert made.matching(subject("临空经济示范区")) == [1]
    assert made.matching(subject("临空经济。这里没有示范区")) == []


def test_what_was_once_accepted_is_beyond_no_limit():
    papers = " OR ".join(f"paper:甲{number}" for number in range(3_000))
    long = f'{"(" * 60}临空{")" * 60} "经 济"~500 ({papers} OR paper:杭州日报)'
    assert Standing([Entry(1, long)]).matching(subject("临空经济")) == [1]


def test_an_article_leaves_no_trace():
    made = Standing(
        [entry(1, "临空 经济"), entry(2, "headline:临空"), entry(3, "临空 date:2023-12-15")]
    )
    first = subject("经济", headline="临空")
    for _round in range(2):
        assert made.matching(first) == [1, 2, 3]
        assert made.matching(subject("临空", edition="2022-01-01")) == []
        assert made.matching(subject("临空", edition="昨天")) == []


def test_putting_and_dropping_in_any_order_is_as_if_made_anew(pairs, monkeypatch):
    monkeypatch.setattr(standing, "QUICK", 60)
    dice = Random(3)
    subjects = list(pairs.subjects())[::9]
    entries = [entry(number, one.text) for number, one in enumerate(pairs.asked)]
    made, now = Standing(), {}
    for _step in range(60):
        fresh = dice.sample(entries, dice.choice((1, 1, 2, 30)))
        made.put(fresh)
        now |= {each.id: each for each in fresh}
        gone = dice.sample(sorted(now), min(len(now), dice.choice((0, 1, 5))))
        made.drop(gone)
        now = {number: each for number, each in now.items() if number not in gone}
    assert len(made._parts) > 2
    anew = Standing(now.values())
    assert len(made) == len(now)
    for one in subjects:
        assert made.matching(one) == anew.matching(one)


def test_a_small_part_stands_beside_a_large_one(monkeypatch):
    monkeypatch.setattr(standing, "QUICK", 20)
    monkeypatch.setattr(standing, "FEW", 20)
    made = Standing(entry(number, "临空") for number in range(1, 31))
    made.put([entry(0, "临空"), entry(7, "经济"), entry(40, "临空 经济"), entry(41, "没有")])
    assert made.matching(subject("临空")) == [*range(7), *range(8, 31)]
    assert made.matching(subject("临空经济")) == [*range(31), 40]
    made.drop([40, 3])
    assert made.matching(subject("临空经济")) == [0, 1, 2, *range(4, 31)]


def test_one_more_does_not_touch_the_many(monkeypatch):
    monkeypatch.setattr(standing, "QUICK", 100)
    made = Standing(entry(number, "临空") for number in range(101))
    largest = made._parts[0]
    for number in range(200, 300):
        made.put([entry(number, "经济")])
    assert made._parts[0] is largest
    assert len(made._parts) < 6
    assert len(made.matching(subject("临空经济"))) == 201


INERT = ("{{7*7}}", "{% raise %}", "%s%n", "${HOME}", "//div[@class='x']/text()", ".jq | @sh")


@pytest.mark.parametrize("query", INERT)
def test_d3_templates_and_paths_are_words(query):
    """What stands in the article as it is written matches, and nothing is made of it."""
    made = Standing([entry(1, f'"{query}"')])
    assert made.matching(subject(f"模板{query}在此")) == [1]
    assert made.matching(subject("模板49在此", "raise", "div class x text")) == []


@pytest.mark.parametrize("query", ["(a+)+$", "[临空]+", ".*", "临.经济", "a{99999}", "(?:临|空)"])
def test_d4_regular_expressions_are_words(query):
    made = Standing([entry(1, f'"字{query}"')])
    assert made.matching(subject(f"文字{query}在此")) == [1]
    assert made.matching(subject("临空经济", "a" * 50_000 + "!")) == []


def test_d5_ten_thousand_that_match_everything_are_one_look_each(monkeypatch):
    """None is evaluated, however it says 的, and none is looked at twice."""
    forms = (
        "的",
        "的 -没有",
        "的 OR 了",
        "-没有",
        "的 date:2023",
        "paper:杭州日报",
        "了 OR 的!没的",
    )
    made = Standing(entry(number, forms[number % len(forms)]) for number in range(10_000))
    looked = []
    monkeypatch.setattr(standing, "matches", lambda *each: looked.append(each))
    assert made.matching(subject("的" * 5_000)) == list(range(10_000))
    assert looked == []
