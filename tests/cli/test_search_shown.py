"""What `newscrawl search` shows beside its hits, and the way to the next page."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from newscrawl import search as script
from tests.makers import article, indexed

REPORT = (
    "杭州临空经济示范区昨日发布优化营商环境的二十条措施，涉及企业登记、用地、融资和人才等方面。"
    "示范区管委会负责人介绍，企业开办时间将压缩到半天，所需材料由九份减为三份。"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    items = [
        article(1, headline="临空经济二十条", paragraphs=[REPORT], source="新华社"),
        article(2, headline="企业开办只要半天", paragraphs=[REPORT], paper="metro_express"),
        *(
            article(n, paragraphs=[f"渡口{n}边的茶摊"], edition=f"2024-0{n}-01")
            for n in range(3, 8)
        ),
    ]
    titles = {"hangzhou_daily": "杭州日报", "metro_express": "都市快报"}
    made, catalogue = indexed(tmp_path_factory.mktemp("home"), items, titles)
    catalogue.close()
    return made


def data(printed):
    return json.loads(printed)


def test_reprints_stand_under_the_first(command):
    status, printed, said = command("示范区")
    assert (status, said) == (0, "")
    assert "+1 转载：都市快报" in printed
    assert "2 篇 in 1 story, 1 shown" in printed
    assert "转载" not in command("示范区", "--all")[1]


def test_reprints_are_data_too(command):
    told = data(command("示范区", "--json")[1])
    [result] = told["results"]
    [reprint] = result["reprints"]
    assert (told["total"], told["stories"], told["more"]) == (2, 1, False)
    assert (reprint["paper"], reprint["headline"]) == ("metro_express", "企业开办只要半天")
    assert result["snippets"][0]["text"] in result["snippet"]


def test_the_command_for_the_next_page_is_shown_and_goes_on(command):
    words = ["茶摊", "-广告", "--sort", "newest", "--limit", "2", "--since", "2024-01-01", "--all"]
    seen = []
    while words:
        status, printed, _ = command(*words)
        assert status == 0
        seen += re.findall(r"hangzhou_daily/2024-\S+", printed)
        following = [line for line in printed.splitlines() if line.startswith("next: ")]
        words = shlex.split(following[0])[3:] if following else []
    assert len(seen) == len(set(seen)) == 5


def test_what_is_not_counted_is_said_to_be_no_less(command):
    status, printed, _said = command(
        "茶摊", "--sort", "newest", "--limit", "2", "--no-count", "--all"
    )
    assert status == 0
    assert re.search(r"at least [2-4] 篇, 2 shown", printed)
    assert printed.rstrip().splitlines()[-1].count("--no-count") == 1
    told = data(command("茶摊", "--sort", "newest", "--limit", "2", "--no-count", "--json")[1])
    assert (told["total_exact"], "timeline" in told) == (False, False)
    assert command("茶摊", "--page", "9", "--no-count", "--sort", "newest")[2] == ""


def test_the_next_page_shows_what_this_one_shows_beside_its_hits(command):
    _, printed, _ = command("茶摊", "--limit", "2", "--facets", "--chart")
    assert " --facets --chart --as-of " in printed


def test_a_page_beyond_the_last_is_empty_and_no_error(command):
    status, printed, said = command("茶摊", "--page", "9")
    assert (status, "5 篇, 0 shown" in printed) == (0, True)
    assert said == "--page 9: there is 1 page\n"
    assert command("茶摊", "--limit", "2", "--page", "4")[2] == "--page 4: there are 3 pages\n"
    assert command("茶摊", "--limit", "2", "--page", "3")[2] == ""
    assert command("没有的", "--page", "3")[2] == ""


@pytest.mark.parametrize("page", ["0", "-1", "x", "1000000000", "5001"])
def test_c7_a_page_out_of_bounds_is_refused_in_one_line(command, page):
    status, printed, said = command("茶摊", "--page", page)
    assert (status, printed) == (2, "")
    assert said.count("\n") == 1
    assert "--page" in said


def test_facets_are_counted_by_their_chinese_names(command):
    _, printed, _ = command("渡口 OR 示范区", "--facets")
    assert "报  杭州日报 6, 都市快报 1" in printed
    assert "月  2023-12 2, 2024-03 1" in printed
    assert "来源  新华社 1" in printed
    told = data(command("示范区", "--facets", "--json")[1])["facets"]
    assert told["paper"] == [
        {"value": "hangzhou_daily", "title": "杭州日报", "count": 1},
        {"value": "metro_express", "title": "都市快报", "count": 1},
    ]
    assert set(told) == {"paper", "page", "month", "source"}


def test_the_count_over_time_is_a_chart_and_always_data(command):
    _, printed, _ = command("渡口", "--chart")
    assert "2024年3月" in printed
    assert "█" in printed
    assert "█" not in command("渡口")[1]
    told = data(command("渡口", "--json")[1])["timeline"]
    assert told["unit"] == "month"
    assert told["undated"] == 0
    assert told["counts"][0] == {"from": "2024-03", "count": 1}


def test_where_nothing_is_found_it_is_said_what_would_be(command):
    status, printed, _ = command("林空经济")
    assert status == script.NOTHING_FOUND
    assert "did you mean: 临空经济 (2 篇)" in printed
    assert "with its words apart" not in printed
    status, printed, _ = command("示范区经济", "--json")
    assert status == script.NOTHING_FOUND
    assert data(printed)["separated"] == {"query": "示范区 经济", "total": 2}
    assert data(printed)["results"] == []
    assert "with its words apart: 示范区 经济 (2 篇)" in command("示范区经济")[1]
