"""What stands across the line break of a heading is found, on every engine and without one."""

from __future__ import annotations

import pytest

from newscrawl.extract.hangzhou import read_article
from newscrawl.extract.normalise import normalise
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.query.evaluate import matches
from newscrawl.query.parse import parse
from newscrawl.query.subject import subject_of
from tests.index.kinds import KINDS, chosen
from tests.makers import article, indexed

PAGE = """<h3>迎客<br>千万</h3><h1>杭州西站枢纽<br/>今日正式启用</h1><h2>首趟 G1<BR>CRH 列车
　　发往 Wi-Fi<br>City</h2><div class="content"><p>候车的旅客不少。</p></div>"""
URL = "https://hzdaily.example/hzrb/2023/12/15/article_detail_1_20231215A011.html"
FOUND = [
    "枢纽今日",
    "纽今",
    "杭州西站枢纽今日正式启用",
    '"枢纽今日"',
    "headline:枢纽今日",
    'headline:"西站枢纽今日"',
    "今日 枢纽今日",
    "枢纽今*",
    '"西站 今日"~2',
    'headline:"西站 今日"~2',
    "西站!西站枢纽明日",
    "客千",
    '"迎客千万"',
    '"G1 CRH"',
    "g1 crh",
    "列车发往",
    '"Fi City"',
]
MISSED = [
    "枢纽!枢纽今日",
    "headline:枢纽!西站枢纽今日",
    '"西站 今日"~1',
    "G1CRH",
    '"FiCity"',
    "千万杭州",
    '"启用首趟"',
    '"不少迎客"',
    "headline:客千",
    "body:枢纽今日",
]


@pytest.fixture(scope="module")
def station():
    """The article of the page, as a crawl hands it on."""
    read = normalise(read_article(PAGE, URL))
    other = article(1)
    return article(
        1,
        headline=read.headline,
        kicker=read.kicker,
        subhead=read.subhead,
        paragraphs=read.paragraphs,
        record_id=other.record_id,
    )


@pytest.fixture(scope="module", params=KINDS)
def searcher(request, station, tmp_path_factory):
    with chosen(request.param):
        others = [article(2), article(3, headline="枢纽 今日", paragraphs=["启用"])]
        home, catalogue = indexed(tmp_path_factory.mktemp("headings"), [station, *others])
        opened = Searcher(home, catalogue)
    yield opened
    opened.close()
    catalogue.close()


@pytest.mark.parametrize("query", FOUND)
def test_a_run_goes_on_across_the_break_of_a_heading(searcher, station, query):
    assert matches(parse(query), subject_of(station))
    assert [hit.version.seq for hit in searcher.search(SearchRequest(query)).hits] == [1]


@pytest.mark.parametrize("query", MISSED)
def test_words_and_headings_stay_apart(searcher, station, query):
    assert not matches(parse(query), subject_of(station))
    assert 1 not in {hit.version.seq for hit in searcher.search(SearchRequest(query)).hits}


@pytest.mark.parametrize("query", ["枢纽今日", '"枢纽今日"', "headline:枢纽今日"])
def test_the_headline_is_marked_across_its_break(searcher, query):
    [hit] = searcher.search(SearchRequest(query)).hits
    [(start, end)] = hit.headline.spans
    assert hit.headline.text[start:end] == "枢纽\n今日"
