from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from newscrawl.extract.normalise import normalise
from newscrawl.items import Article
from newscrawl.query import build, lexical
from newscrawl.query.errors import QueryError
from newscrawl.query.evaluate import matches
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.subject import subject_of
from newscrawl.query.tree import And, Guard, Near, Node, Not, Or, Term
from newscrawl.text.runs import HAN
from tests.query.oracle import han, holds, latin
from tests.query.pairs import PIECES, TITLES, articles, queries, written

Evaluation = Callable[[Node, Article], bool]
EXAMPLES = 900
"""Articles, each with four queries."""
SEED = 4
"""One with which each of the mutants below is noticed several times."""
KINDS = ("and", "or", "not", "text", "word", "prefix", "near", "guard", "name", "date", "field")


def evaluated(node: Node, article: Article) -> bool:
    return matches(node, subject_of(article, TITLES[article.paper]))


class Pair(NamedTuple):
    """An article and a query, and whether the oracle says that it is found."""

    article: Article
    query: tuple
    text: str
    expected: bool


@pytest.fixture(scope="module")
def drawn() -> list[Pair]:
    """The same in every run, and drawn once: to draw them takes longer than to judge them."""
    pairs: list[Pair] = []

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(articles(), st.lists(queries(), min_size=4, max_size=4), st.data())
    def collect(article: Article, asked: list[tuple], data: st.DataObject) -> None:
        for query in asked:
            text = data.draw(written(query))
            expected = holds(query, article, TITLES[article.paper])
            pairs.append(Pair(article, query, text, expected))

    collect()
    return pairs


def agreement(
    drawn: list[Pair], evaluate: Evaluation, read: Callable[[str], Node] = parse
) -> Counter[str]:
    """Compare with the oracle; how many pairs there were, matched, and used each operator."""
    counts: Counter[str] = Counter()
    for article, query, text, expected in drawn:
        assert evaluate(read(text), article) == expected, (text, article)
        counts.update({"pairs": 1, "matched": int(expected)})
        counts.update(set(operators(query)))
    return counts


def operators(query: tuple) -> Iterator[str]:
    kind, *rest = query
    yield kind
    if kind in ("and", "or", "not"):
        for part in rest:
            yield from operators(part)
    elif kind not in ("date", "name") and rest[0]:
        yield "field"


def test_evaluation_is_the_oracle(drawn: list[Pair]) -> None:
    counts = agreement(drawn, evaluated)
    assert counts["matched"] >= 0.3 * counts["pairs"]
    assert {kind: counts[kind] for kind in KINDS if counts[kind] < 300} == {}


def changed(node: Node, change: Callable[[Node], Node]) -> Node:
    match node:
        case And(children):
            return And(tuple(changed(child, change) for child in children))
        case Or(children):
            return Or(tuple(changed(child, change) for child in children))
        case Not(child):
            return change(Not(changed(child, change)))
        case _:
            return change(node)


def without_not(node: Node) -> Node:
    return node.child if isinstance(node, Not) else node


def without_field(node: Node) -> Node:
    return replace(node, field=None) if isinstance(node, Term | Near) else node


def without_prefix(node: Node) -> Node:
    return replace(node, prefix=False) if isinstance(node, Term) else node


def without_exceptions(node: Node) -> Node:
    return node.term if isinstance(node, Guard) else node


def without_distance(node: Node) -> Node:
    return replace(node, distance=99) if isinstance(node, Near) else node


@pytest.mark.parametrize(
    "change", [without_not, without_field, without_prefix, without_exceptions, without_distance]
)
def test_a_mutant_of_the_tree_is_noticed(drawn: list[Pair], change: Callable[[Node], Node]) -> None:
    def mutant(node: Node, article: Article) -> bool:
        return evaluated(changed(node, change), article)

    with pytest.raises(AssertionError):
        agreement(drawn, mutant)


QUOTED = lexical.QUOTED.pattern
READINGS = {
    "wide blanks mean AND": (lexical, "_LAYOUT", "(?!)"),
    "all wide blanks are layout": (lexical, "_LAYOUT", f"(?<=[{HAN}])　(?=[{HAN}])"),
    "punctuation as written": (build, "UNIT", rf'(?:{QUOTED})\*?|[^\s()"“”!]+'),
    "signs end words": (build, "UNIT", rf"(?:{QUOTED})\*?|(?:[^\W_]|[{HAN}\u2060])+\**"),
    "commas end no number": (build, "UNIT", lexical.UNIT.pattern.replace("-._", "-._,")),
}


@pytest.mark.parametrize("reading", READINGS)
def test_a_mutant_of_the_reading_is_noticed(
    drawn: list[Pair], reading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name, pattern = READINGS[reading]
    right = getattr(module, name)
    monkeypatch.setattr(module, name, re.compile(pattern))

    def read(text: str) -> Node:
        with suppress(QueryError):  # to be refused is no answer that could be noticed
            return parse(text)
        with monkeypatch.context() as sound:
            sound.setattr(module, name, right)
            return parse(text)

    with pytest.raises(AssertionError):
        agreement(drawn, evaluated, read=read)


def test_a_mutant_that_does_not_fold_is_noticed(drawn: list[Pair]) -> None:
    def mutant(node: Node, article: Article) -> bool:
        written_so = replace(
            subject_of(article, TITLES[article.paper]),
            headline=article.headline,
            body=tuple(article.paragraphs),
        )
        return matches(node, written_so)

    with pytest.raises(AssertionError):
        agreement(drawn, mutant)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8), st.data())
def test_any_stretch_of_a_paragraph_finds_it(pieces: list[str], data: st.DataObject) -> None:
    paragraph = "".join(pieces)
    start = data.draw(st.integers(0, len(paragraph) - 1))
    end = data.draw(st.integers(start + 1, len(paragraph)))
    stretch = paragraph[start:end].strip()
    cut = any(
        latin(paragraph[place - 1 : place] or "|") and latin(paragraph[place : place + 1] or "|")
        for place in (start, end)
    )
    if cut or not any(han(c) or latin(c) for c in stretch):
        return
    node = parse(show(Term(stretch)))
    assert node == Term(stretch)
    assert matches(node, subject_of(Article("p", "", "", paragraphs=[paragraph])))


def article(**fields: object) -> Article:
    return Article("hangzhou_daily", "2023-12-15", "http://paper.example/1", **fields)  # type: ignore[arg-type]


ARTICLE = article(
    headline="莫干山路通车",
    kicker="临空經濟",
    subhead="副题在此",
    paragraphs=[
        "ＡＩ进入MAIN大厅，2026年完工。",
        "记者王　伟说：第一句\n第二句，“踔厉奋发”。",
        "5G手机与A股。",
    ],
    source="新华社",
    reporters=["王伟"],
    correspondents=["陈兆洪"],
    page="A05",
    page_name="要闻",
)


@pytest.mark.parametrize(
    "query",
    [
        "临空经济",
        "副题在此",
        "ai",
        "2026",
        "一句第二",
        '"，“踔厉奋发”。"',
        "5g手机",
        "股",
        "g手机 OR 5G手",
        "“完工。”",
        "paper:杭州日报 paper:hangzhou_daily PAGE:a05 page:要闻",
        "author:王伟 author:兆洪 source:新华",
        "date:2023-12 -date:2024",
        "-没有",
        "没有 OR 说 大厅",
        '"完工 ai"~8',
        "MAI*",
        "headline:(通车 -body:临空)",
    ],
)
def test_found(query: str) -> None:
    assert evaluated(parse(query), ARTICLE)


@pytest.mark.parametrize(
    "query",
    [
        "ain",
        "202",
        "完工记者",
        '"完工记者"',
        "王伟的",
        "headline:临空经济",
        "body:通车",
        "新华社",
        "陈兆洪",
        "paper:杭州 OR page:a0 OR page:要",
        "date:[* TO 2023-12-14] OR date:[2023-12-16 TO *]",
        "莫干山!莫干山路",
        '"完工 ai"~7',
        '"完工 说"~99',
        "MAI",
        "-5G手机",
        "手机 (没有 OR -A股)",
    ],
)
def test_not_found(query: str) -> None:
    assert not evaluated(parse(query), ARTICLE)


def test_an_exception_spares_the_other_occurrences() -> None:
    both = article(paragraphs=["莫干山路通往莫干山。"])
    assert evaluated(parse("莫干山!莫干山路"), both)
    assert not evaluated(parse("莫干山!莫干山路!往莫干山"), both)


def test_an_unreadable_date_is_in_no_range() -> None:
    undated = article()
    undated.edition = "昨天"
    assert not evaluated(parse("date:[* TO 2099]"), undated)
    assert evaluated(parse("-date:2023"), undated)


@given(st.lists(st.text(st.sampled_from("杭站A5，” 龘"), min_size=1), min_size=2), st.data())
def test_every_run_across_the_lines_of_a_heading_is_found(
    lines: list[str], data: st.DataObject
) -> None:
    article = normalise(Article("p", "", "", headline="\n".join(lines), paragraphs=["文"]))
    for run in re.findall("[杭站龘]+", "".join(map(str.strip, lines))):
        start = data.draw(st.integers(0, len(run) - 1))
        piece = run[start : data.draw(st.integers(start + 1, len(run)))]
        for query in (piece, f'"{piece}"', f"headline:{piece}"):
            assert matches(parse(query), subject_of(article)), query
