"""What a reader is answered, on a real index with reprints in it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from newscrawl.index import indexer
from newscrawl.index.answers import Offer, Question, answer
from newscrawl.index.bookmark import Bookmark
from newscrawl.index.handed import Handed
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from tests.index.kinds import KINDS, chosen
from tests.makers import article, indexed, record

TITLES = {
    "hangzhou_daily": "杭州日报",
    "metro_express": "都市快报",
    "hangzhou_commerce": "每日商报",
}
REPORT = (
    "杭州临空经济示范区昨日发布优化营商环境的二十条措施，涉及企业登记、用地、融资和人才等方面。"
    "示范区管委会负责人介绍，企业开办时间将压缩到半天，所需材料由九份减为三份，"
    "并为重点项目配备专职的服务专员，从签约到投产全程代办。"
    "今年前十一个月，示范区新设企业一千二百余家，同比增长百分之十八。"
)
OTHER = (
    "钱塘江边的老茶馆迎来了今年冬天的第一批客人，掌柜说，雪后围炉喝茶的人比往年多了三成，"
    "周末要提前两天订座。茶馆的评弹每晚七点开场，临空的露台上还能看见江上的灯火。"
)


def home_of(path):
    items = [
        article(1, headline="临空经济二十条", paragraphs=[REPORT], source="新华社"),
        article(2, paper="metro_express", headline="企业开办只要半天", paragraphs=[REPORT]),
        article(
            3,
            paper="hangzhou_commerce",
            headline="临空又有新政",
            paragraphs=[REPORT[: len(REPORT) * 4 // 5]],
            edition="2023-12-16",
            page_name="财经",
        ),
        article(4, headline="围炉", paragraphs=[OTHER], edition="2024-01-02"),
    ]
    made = [
        replace_url(item, f"https://example.com/{item.paper}/{number}.html")
        for number, item in enumerate(items)
    ]
    return indexed(path, made, TITLES)


def replace_url(item, url):
    return replace(item, url=url)


@pytest.fixture(scope="module", params=KINDS)
def searcher(request, tmp_path_factory):
    with chosen(request.param):
        home, catalogue = home_of(tmp_path_factory.mktemp("answers"))
        opened = Searcher(home, catalogue)
    yield opened
    opened.close()
    catalogue.close()


def asked(searcher, query, *, unfolded=False, facets=False, timeline=False, **narrowed):
    request = SearchRequest(query, **narrowed)
    return answer(searcher, Question(request, unfolded, facets, timeline))


def shown(answered):
    """The numbers of the articles that are shown, each with those folded under it."""
    return [
        (row.hit.version.article.number, [int(each.article_id[-1]) for each in row.reprints])
        for row in answered.rows
    ]


def test_reprints_are_folded_under_the_first_appearance_with_their_number(searcher):
    answered = asked(searcher, "示范区", sort="newest")
    assert shown(answered) == [(1, [2, 3])]
    assert (answered.total, answered.stories, answered.more) == (3, 1, False)
    assert [member.paper_title for member in answered.rows[0].reprints] == ["都市快报", "每日商报"]


def test_all_unfolds_them(searcher):
    answered = asked(searcher, "示范区", sort="newest", unfolded=True)
    assert shown(answered) == [(3, []), (1, []), (2, [])]
    assert answered.stories is None


@pytest.mark.parametrize(
    ("query", "narrowed", "rows"),
    [
        ("headline:临空", {"sort": "oldest"}, [(1, [3])]),
        ("headline:企业", {}, [(2, [])]),
        ("示范区", {"papers": ("都市快报", "每日商报")}, [(2, [3])]),
        ("示范区", {"since": date(2023, 12, 16)}, [(3, [])]),
        ("示范区 -新华社", {"sort": "newest"}, [(1, [2, 3])]),
        ("同比增长", {}, [(1, [2])]),
        ("临空", {"sort": "oldest"}, [(1, [2, 3]), (4, [])]),
    ],
)
def test_a_story_is_shown_in_its_earliest_article_that_itself_matches(
    searcher, query, narrowed, rows
):
    assert shown(asked(searcher, query, **narrowed)) == rows


def test_pages_are_pages_of_stories(searcher):
    first = asked(searcher, "临空", sort="oldest", limit=1)
    assert (shown(first), first.more, first.total) == ([(1, [2, 3])], True, 4)
    second = asked(searcher, "临空", sort="oldest", limit=1, offset=1)
    assert (shown(second), second.more, second.stories) == ([(4, [])], False, 2)
    assert shown(asked(searcher, "临空", sort="oldest", limit=1, offset=2)) == []


def test_counts_by_paper_page_month_and_source(searcher):
    facets = asked(searcher, "临空", facets=True).facets
    assert dict(facets["paper"]) == {
        "hangzhou_daily": 2,
        "metro_express": 1,
        "hangzhou_commerce": 1,
    }
    assert facets["paper"][0] == ("hangzhou_daily", 2)
    assert dict(facets["page"]) == {"要闻": 3, "财经": 1}
    assert facets["month"] == [("2023-12", 3), ("2024-01", 1)]
    assert facets["source"] == [("新华社", 1)]
    assert asked(searcher, "临空").facets == {}


def test_the_count_over_time(searcher):
    told = asked(searcher, "临空", timeline=True).timeline
    assert told.unit == "day"
    assert (told.buckets[0], told.buckets[1]) == (("2023-12-15", 2), ("2023-12-16", 1))
    assert told.buckets[-1] == ("2024-01-02", 1)
    assert len(told.buckets) == 19


def test_where_nothing_is_found_the_words_are_offered_apart_and_never_used(searcher):
    answered = asked(searcher, "示范区经济")
    assert (answered.total, answered.rows) == (0, [])
    assert answered.separated == Offer("示范区 经济", 3)
    assert asked(searcher, "示范区茶馆").separated is None
    assert asked(searcher, "示范区").separated is None


def test_an_offer_is_counted_within_the_papers_and_days_that_were_asked_for(searcher):
    assert asked(searcher, "示范区经济", since=date(2023, 12, 16)).separated.total == 1
    assert asked(searcher, "示范区经济", since=date(2024, 1, 1)).separated is None


def test_a_slip_is_met_with_what_may_have_been_meant(searcher):
    answered = asked(searcher, "林空经济")
    assert answered.total == 0
    assert answered.suggestions[0] == Offer("临空经济", 3)
    assert asked(searcher, "临空经济").suggestions == []


def test_pages_as_of_a_mark_do_not_shift_while_articles_arrive(tmp_path):
    home, catalogue = home_of(tmp_path)
    first = searched(home, catalogue, "临空", limit=1)
    both = [*shown(first), *shown(searched(home, catalogue, "临空", limit=1, offset=1))]
    again = article(4, headline="围炉", paragraphs=[OTHER, "再加一句。"], edition="2024-01-02")
    edited = replace(again, url="https://example.com/hangzhou_daily/3.html", record_id="<urn:x>")
    record(catalogue, article(5, headline="临空", paragraphs=["临空" * 9]), edited)
    with Path(os.devnull).open("rb") as nothing:
        indexer.run(Store(home.indexes), catalogue, Handed(nothing), idle_seconds=0.1)
    assert searched(home, catalogue, "临空").total == 5
    pages = [
        searched(home, catalogue, "临空", limit=1, offset=offset, as_of=Bookmark(first.mark))
        for offset in (0, 1)
    ]
    assert [row for page in pages for row in shown(page)] == both
    assert {(page.total, page.mark) for page in pages} == {(4, first.mark)}
    assert searched(home, catalogue, "临空", as_of=Bookmark(first.mark + 100)).total == 5
    catalogue.close()


def searched(home, catalogue, query, **narrowed):
    opened = Searcher(home, catalogue)
    try:
        return asked(opened, query, **narrowed)
    finally:
        opened.close()
