"""What a query says by itself, against what the meaning of the language says of articles."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from newscrawl.query.evaluate import matches
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.subject import Subject, subject_of
from newscrawl.query.truth import contradicts, required, weight, wordless
from tests.query.pairs import TITLES, articles, queries, written

asked = queries().flatmap(written)


@pytest.mark.parametrize(
    "query",
    [
        "渡口 -渡口",
        "渡口 -(渡口 OR 码头)",
        "临江渡口 -渡口",
        "headline:渡口 -渡口",
        "body:临江渡口 -body:渡口",
        "渡口!渡口路 -渡口",
        '"渡口 通航"~5 -通航',
        "(渡口 OR 码头) -渡口 -码头",
        "5G手机 -5G",
        "渡口 date:2023-12-15 date:2023-12-16",
        "date:2023-12-15 -date:2023-12",
        "date:2023-12-15 -date:[2023-12-01 TO *]",
        "-渡口 渡口*",
    ],
)
def test_what_is_asked_for_and_excluded_contradicts_itself(query):
    assert contradicts(parse(query))


@pytest.mark.parametrize(
    "query",
    [
        "渡口",
        "渡口 -码头",
        "渡口 -临江渡口",
        "渡口 -headline:渡口",
        "渡口 -渡口!渡口路",
        "headline:渡口 -body:渡口",
        "source:渡口 -渡口",
        "渡口 OR -渡口",
        "mainland -main",
        "main* -main",
        "渡口 date:2023-12 date:2023-12-16",
        "date:2023-12 -date:2023-12-15",
        "date:2023-12-15 -date:[2023-12-16 TO *]",
        "date:[2023-12-15 TO *] -date:[2023-12-15 TO 2023-12-16]",
        "paper:杭州日报 -paper:都市快报",
        " ".join(f"词{number}" for number in range(11)) + " -词0",  # too many to try them all
    ],
)
def test_what_some_article_may_be_does_not(query):
    assert not contradicts(parse(query))


@given(asked, articles())
def test_nothing_matches_what_contradicts_itself(query, article):
    node = parse(query)
    if matches(node, subject_of(article, TITLES[article.paper])):
        assert not contradicts(node)


@pytest.mark.parametrize(
    "query",
    ["-广告", "paper:杭州日报", "date:2023-12", "渡口 OR -广告", "paper:杭州日报 -广告"],
)
def test_a_query_that_needs_no_word(query):
    assert wordless(parse(query))
    bare = Subject(paper="hangzhou_daily", paper_title="杭州日报", date=date(2023, 12, 15))
    assert matches(parse(query), bare)


@pytest.mark.parametrize(
    ("query", "needed"),
    [
        ("渡口", "渡口"),
        ("渡口 -广告 paper:杭州日报", "渡口"),
        ("渡口!渡口路 码头", "渡口 码头"),
        ('"渡口 通航"~5', "渡口 通航"),
        ('"渡口 通航"~5 OR 码头', "(渡口 通航) OR 码头"),
        ("渡口 (码头 OR -广告)", "渡口"),
        ("渡口 (码头 OR 轮渡 -广告)", "渡口 (码头 OR 轮渡)"),
        ("headline:渡口* source:新华社", "headline:渡口* source:新华社"),
    ],
)
def test_what_must_stand_in_an_article(query, needed):
    found = required(parse(query))
    assert found is not None
    assert show(found) == show(parse(needed))
    assert found == parse(needed)


@given(asked, articles())
def test_whatever_matches_has_what_must_stand_in_it(query, article):
    node, subject = parse(query), subject_of(article, TITLES[article.paper])
    needed = required(node)
    if needed is not None and matches(node, subject):
        assert matches(needed, subject)


@pytest.mark.parametrize(
    ("query", "texts"),
    [("渡口", 1), ("渡口 -(码头 OR 广告)", 3), ("渡口!渡口路", 2), ('"渡口 通航"~5', 4)],
)
def test_how_many_texts_are_looked_for(query, texts):
    assert weight(parse(query)) == texts
