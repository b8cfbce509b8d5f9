from __future__ import annotations

from datetime import date

import pytest

from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.query.errors import QueryError
from tests.makers import article, indexed

TEXTS = {
    1: ("临空经济提速", ["杭州临空经济示范区优化营商环境。", "记者在现场看到，项目已动工。"]),
    2: ("老街区里的营商", ["环境整治带动小店回流。"]),
    3: ("AI进课堂", ["全市中小学开设AI课程，2026年覆盖全部学校。", "陈𠮷老师说，MAIN不是AI。"]),
    4: ("山里的茶园", ["龙井开采，茶农很忙。", "（王　伟）"]),
}


@pytest.fixture
def searcher(tmp_path):
    items = [
        article(number, headline=headline, paragraphs=paragraphs, edition=f"2023-12-1{number}")
        for number, (headline, paragraphs) in TEXTS.items()
    ]
    home, made = indexed(tmp_path, items)
    opened = Searcher(home, made)
    yield opened
    opened.close()
    made.close()


def found(searcher, query, **narrowed):
    result = searcher.search(SearchRequest(query, **narrowed))
    numbers = [hit.version.article.number for hit in result.hits]
    assert result.total == len(numbers)
    return numbers


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("营商环境", {1}),
        ("营商 环境", {1, 2}),
        ('"区优化营"', {1}),
        ("商环", {1}),
        ("营", {1, 2}),
        ("AI", {3}),
        ("MAI", set()),
        ("2026", {3}),
        ("𠮷", {3}),
        ("陈𠮷", {3}),
        ("王伟", {4}),
        ("營商環境", {1}),
        ("ＡＩ", {3}),
        ("headline:营商", {2}),
        ("body:营商", {1}),
        ("营商 -临空", {2}),
        ("NOT 营商", {3, 4}),
        ("茶园 OR 课堂", {3, 4}),
        ("(茶园 OR 临空) 龙井", {4}),
        ("date:2023-12-13", {3}),
        ("date:[2023-12-12 TO 2023-12-13]", {2, 3}),
        ("paper:杭州日报 page:A01 茶", {4}),
        ("page:要闻 茶", {4}),
        ("paper:都市快报", set()),
    ],
)
def test_words_phrases_operators_fields_and_dates(searcher, query, numbers):
    assert set(found(searcher, query)) == numbers


def test_papers_and_days_narrow_a_search(searcher):
    assert found(searcher, "营商", papers=("hangzhou_daily",), since=date(2023, 12, 12)) == [2]
    assert found(searcher, "营商", papers=("metro_express",)) == []


def test_newest_and_oldest_first(searcher):
    assert found(searcher, "date:2023-12", sort="newest") == [4, 3, 2, 1]
    assert found(searcher, "date:2023-12", sort="oldest") == [1, 2, 3, 4]


def test_a_word_in_the_headline_weighs_more(searcher):
    assert found(searcher, "营商")[0] == 2


def test_a_page_of_hits_and_the_total(searcher):
    result = searcher.search(SearchRequest("date:2023-12", sort="oldest", limit=2, offset=1))
    assert [hit.version.article.number for hit in result.hits] == [2, 3]
    assert result.total == 4


def test_hits_show_where_the_words_stand(searcher):
    [hit] = searcher.search(SearchRequest("营商环境")).hits
    [snippet] = hit.snippets
    start, end = snippet.spans[0]
    assert snippet.text[start:end] == "营商环境"


def test_a_query_that_cannot_be_read_says_where(searcher):
    with pytest.raises(QueryError) as refusal:
        searcher.search(SearchRequest("(临空"))
    assert refusal.value.status == 2
