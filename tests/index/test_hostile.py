"""Group C of the hostile cases against a real index."""

from __future__ import annotations

import inspect
import sys
import time
from contextlib import contextmanager, suppress

import pytest
from lxml import html

from newscrawl.errors import UsageError
from newscrawl.index.answers import Question, answer
from newscrawl.index.finding import MOST_HITS
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.query.errors import QueryError
from newscrawl.query.explain import explain
from newscrawl.query.highlight import marked_html
from newscrawl.query.limits import HIGHEST, Limits
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from tests.index.kinds import KINDS, chosen
from tests.makers import article, indexed

IMAGE = "<img src=x onerror=alert('莫干山')>"
TEXTS = {
    1: "见 fuzzy~3/0 一文",
    2: '正则 r"(a+)+$" 之灾',
    3: "范围 title:[a TO b] 之内",
    4: "权重 词^1e308 之大",
    5: "数字 NaN 与 ab?d",
    6: "地址 path:x、__class__:y、body.x:z、seq:1、标题：甲",
    7: "董事长𠮷田与记者王䶮、摄影李㛃",
    8: "說好😀的臨空經濟，５Ｇ手機",
    9: f"莫干山&amp;{IMAGE}",
}
BETWEEN = "空白，没有什么可看。"
ALL = frozenset(TEXTS)


@pytest.fixture(scope="module", params=KINDS)
def searcher(request, tmp_path_factory):
    items = [
        article(number, headline=text, kicker=text, paragraphs=[BETWEEN, text, BETWEEN])
        for number, text in TEXTS.items()
    ]
    with chosen(request.param):
        home, catalogue = indexed(tmp_path_factory.mktemp("hostile"), items)
        opened = Searcher(home, catalogue)
    yield opened
    opened.close()
    catalogue.close()


def found(searcher, query, **asked):
    result = searcher.search(SearchRequest(query, **asked))
    return {hit.version.article.number for hit in result.hits}


@contextmanager
def within(seconds):
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < seconds


def refused(searcher, query):
    """What a refusal says is a line, then the place under a caret; all of it can be shown."""
    with within(2), pytest.raises(QueryError) as refusal:
        searcher.search(SearchRequest(query))
    said = str(refusal.value)
    assert refusal.value.status == 2
    assert len(said) < 300
    assert len(said.splitlines()) == 3
    assert "".join(said.splitlines()).isprintable()


EVERYTHING = [
    "*", "*:*", "?*?*?*", "*的*", "*" * 10_000, "* " * 2_000, "headline:*", "空*", "空 *", "a*",
    "-*", "空 OR *", '"*"', '""*', "headline:(*)", '"空 *"~5', "空!*空*", "date:*", "paper:*",
]  # fmt: skip


@pytest.mark.parametrize("query", EVERYTHING)
def test_c1_wildcards_that_match_everything_are_refused(searcher, query):
    refused(searcher, query)


@pytest.mark.parametrize("query", EVERYTHING)
def test_c1_they_cost_the_index_nothing(searcher, monkeypatch, query):
    monkeypatch.setattr(searcher, "_reader", None)
    refused(searcher, query)


def test_c1_a_prefix_of_two_characters_is_answered(searcher):
    assert found(searcher, "空白*") == ALL
    assert found(searcher, "fuz*") == {1}
    assert found(searcher, "没有*") == ALL
    assert found(searcher, "空白*没有") == ALL
    assert found(searcher, "fuz*ALERT") == set()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_c1_every_one_of_them_takes_less_than_a_fifth_of_a_second(tmp_path, kind):
    """Also a prefix with which 20,000 different words begin, in articles of a year."""
    items = [
        article(
            number,
            edition=f"2023-{1 + number % 12:02}-01",
            paragraphs=[" ".join(f"zq{number * 100 + each}" for each in range(100))],
        )
        for number in range(200)
    ]
    with chosen(kind):
        home, catalogue = indexed(tmp_path, items)
        searcher = Searcher(home, catalogue)
    found(searcher, "预热")
    for query in (*EVERYTHING, "zq*", "zq1*", "z*", "-zq*", "zq* -zq11* OR zq2*"):
        taken = []
        for _again in range(5):
            began = time.perf_counter()
            with suppress(QueryError):
                searcher.search(SearchRequest(query))
            taken.append(time.perf_counter() - began)
        assert min(taken) < 0.2, query
    assert searcher.search(SearchRequest("zq*")).total == len(items)
    searcher.close()
    catalogue.close()


@pytest.mark.parametrize(
    "query",
    [
        " OR ".join(["空"] * 5_000),
        "(" * 2_000 + "空" + ")" * 2_000,
        "-(" * 2_000 + "空" + ")" * 2_000,
        "(" * 2_000,
        "空" * 100_000,
        "NOT " * 1_000 + "空",
        '"' + "，" * 4_000 + '"',
        "date:" + "1" * 4_000,
        "date:[" + "1" * 4_000 + " TO 2]",
        '"空"!"' + "白" * 4_000 + '"',
    ],
)
def test_c2_what_is_too_large_is_refused_at_once(searcher, query):
    refused(searcher, query)


@pytest.mark.parametrize(
    "inside",
    ["({} 空)", "({} OR 空)", "-({} 没)", "NOT ({} OR -空)", "headline:({} body:空)", "({}，空)"],
)
def test_c2_no_query_is_so_deep_that_it_ends_the_recursion(searcher, inside):
    limits = Limits(depth=HIGHEST["depth"], near=HIGHEST["near"])
    query = "空"
    for _level in range(limits.depth - 1):
        query = inside.format(query)
    with recursing(800):
        tree = parse(query, limits)
        assert parse(show(tree), limits) == tree
        assert explain(tree).lines()
        answer(searcher, Question(SearchRequest(query, limits=limits), facets=True))
        answer(searcher, Question(SearchRequest(f"没有空白的 ({query})", limits=limits)))
    with pytest.raises(QueryError, match="nested"):
        parse(inside.format(inside.format(query)), limits)


@contextmanager
def recursing(calls):
    """With so many calls inside one another left, of the thousand that there are."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + calls)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


OTHERS = [chr(0x5000 + number) for number in range(Limits().clauses - 1)]
"""As many words as a query may have beside its first."""


@pytest.mark.parametrize(
    "query",
    [
        " OR ".join(["空", *OTHERS]),
        " -".join(["空", *OTHERS]),
        "(空 OR " * Limits().depth + "空" + ")" * Limits().depth,
        "-(没 " * Limits().depth + "空" + ")" * Limits().depth,
        " ".join(["空"] * Limits().clauses),
        " OR ".join(['"空 白 没 有 什 么"~100'] * (Limits().clauses // 6)),
        "空" * Limits().length,
        "a" * Limits().length,
    ],
)
def test_c2_what_is_as_large_as_it_may_be_is_answered_in_time(searcher, query):
    with within(5):
        found(searcher, query)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("fuzzy~3/0", {1}),
        ("fuzy~3/0", set()),
        ('r"(a+)+$"', {2}),
        ("title:[a TO b]", {3}),
        ("词^1e308", {4}),
        ("NaN", {5}),
        ("ab?d", {5}),
        ("ab??", {5}),
        ('"ab??"', set()),
        ("1e308", {4}),
        ("词^99", set()),
        ("[TO]", {3}),
        ("[a TO b]", {3}),
        ("[空 TO 白]", {3}),
        ("headline:[a TO b]", {3}),
        ("headline:[* TO *]", None),
        ("空白^1e308", {4}),
        ("空白~0.5", set()),
        ("空白~NaN", {5}),
        ("/空.*白/", ALL),
    ],
)
def test_c3_syntax_of_other_engines_is_words(searcher, query, numbers):
    if numbers is None:
        refused(searcher, query)
    else:
        assert found(searcher, query) == numbers


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("path:x", {6}),
        ("path:y", set()),
        ("__class__:y", {6}),
        ("body.x:z", {6}),
        ("seq:1", {6}),
        ("标题：甲", {6}),
        ("标题:甲", {6}),
        ("grams:空白", set()),
        ("paper:../../etc", set()),
        ('paper:"\'; DROP TABLE versions; --" OR 𠮷', {7}),
        ("headline:" * 400, set()),
        ("source:空白", set()),
    ],
)
def test_c4_only_the_listed_fields_are_fields(searcher, query, numbers):
    assert found(searcher, query) == numbers


@pytest.mark.parametrize(
    "query",
    [
        "\ud800",
        "\x00",
        "😀",
        "㛃*",
        "\u202e",
        "paper:\ud800",
        '"\ud800，\x00"',
        "date:\ud800",
        "date:\x00",
    ],
)
def test_c6_nothing_to_look_for_is_refused(searcher, query):
    refused(searcher, query)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("𠮷", {7}),
        ("𠮷田", {7}),
        ("王䶮", {7}),
        ("䶮", {7}),
        ("李㛃", {7}),
        ("長𠮷", {7}),
        ("臨空經濟", {8}),
        ("临空經濟", {8}),
        ("說好", {8}),
        ("好😀的", {8}),
        ("5G手机", {8}),
        ("５ｇ手機", {8}),
        ("𠮷\ud800田", {7}),
        ("𠮷\x00田", {7}),
        ("\ufeff临\u200b空", {8}),
        ("paper:杭州\ud800日报", ALL),
        ("page:A\x0001", ALL),
        ("author:\ud800王䶮", set()),
        ("𠮷\udfb7", {7}),
        ("\U0010ffff\U0010fffe临空", {8}),
    ],
)
def test_c6_queries_are_normalised_as_the_index_is(searcher, query, numbers):
    with within(2):
        assert found(searcher, query) == numbers


def test_c6_a_paper_that_is_no_text_is_a_paper_we_do_not_have(searcher):
    for name in ("\ud800", "\x00", "", "\udfff日报"):
        assert found(searcher, "空白", papers=(name,)) == set()


@pytest.mark.parametrize("limit", [MOST_HITS, 10**6, 10**9, 10**30])
def test_c7_a_huge_limit_shows_what_there_is(searcher, limit):
    assert found(searcher, "空白", limit=limit) == ALL


@pytest.mark.parametrize("offset", [len(TEXTS), 10**6, 10**9, 10**30])
def test_c7_a_huge_offset_shows_nothing(searcher, offset):
    result = searcher.search(SearchRequest("空白", offset=offset))
    assert (result.total, result.hits) == (len(TEXTS), [])


@pytest.mark.parametrize("unfolded", [True, False])
@pytest.mark.parametrize("count", [True, False])
@pytest.mark.parametrize(
    ("offset", "limit", "rows"),
    [(0, 10**30, len(TEXTS)), (10**30, 20, 0), (3, 10**9, len(TEXTS) - 3), (10**9, 10**30, 0)],
)
def test_c7_pages_are_bounded_by_what_there_is(searcher, unfolded, count, offset, limit, rows):
    request = SearchRequest("空白", offset=offset, limit=limit, count=count)
    answered = answer(searcher, Question(request, unfolded))
    assert len(answered.rows) == rows
    assert not answered.more
    assert 0 < answered.total <= len(TEXTS)


@pytest.mark.parametrize("asked", [{"limit": -1}, {"offset": -1}, {"offset": -(10**9)}])
def test_c7_negative_numbers_are_refused(asked):
    with pytest.raises(UsageError) as refusal:
        SearchRequest("空白", **asked)
    assert "\n" not in str(refusal.value)


def test_c9_an_unknown_order_is_refused():
    with pytest.raises(UsageError):
        SearchRequest("空白", sort=";drop")


@pytest.mark.parametrize(
    "query", ["img", '"<img"', "onerror=alert", "莫干山", '"&amp;"', "amp", '"山\')>"', "x"]
)
def test_c8_a_snippet_is_escaped_first_and_then_marked(searcher, query):
    [hit] = searcher.search(SearchRequest(f"{query} 莫干山")).hits
    for passage in (hit.headline, *hit.snippets):
        page = html.fromstring(f"<p>{marked_html(passage)}</p>")
        assert page.text_content() == passage.text
        assert {element.tag for element in page.iter()} == {"p", "mark"}
        marks = [mark.text for mark in page.iter("mark")]
        assert marks == [passage.text[start:end] for start, end in passage.spans]
        assert IMAGE in passage.text
