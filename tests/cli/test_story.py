"""`newscrawl story`: a person reads where a report came from; a program gets all of it."""

from __future__ import annotations

import json

import pytest

from newscrawl import settings
from newscrawl.cli.show import NoSuchArticle
from newscrawl.cli.story import MOST_SHOWN, Unreadable, story
from newscrawl.home import Home
from tests.makers import article, catalogue, record
from tests.reports import FERRY, LIBRARY, MARKET

PAPERS = {"hangzhou_daily": "杭州日报", "metro_express": "都市快报"}
FIRST, REPRINT, ALONE = (
    "hangzhou_daily/2023-12-15/A01/1",
    "metro_express/2023-12-16/B02/2",
    "hangzhou_daily/2023-12-15/A01/3",
)


@pytest.fixture
def made(tmp_path, monkeypatch):
    home = Home(tmp_path)
    monkeypatch.setattr(settings, "home", lambda: home)
    opened = catalogue(home.catalogue, PAPERS)
    reprint = [FERRY[0].replace("两座", "三座"), FERRY[1].replace("两座", "三座"), *FERRY[2:-1]]
    record(
        opened,
        article(
            2,
            paper="metro_express",
            edition="2023-12-16",
            page="B02",
            page_name="民生",
            headline="临江渡口回来了",
            source="杭州日报",
            paragraphs=["据《杭州日报》报道，" + reprint[0], *reprint[1:]],
        ),
        article(1, headline="临江渡口恢复通航", source="新华社", paragraphs=FERRY),
        article(3, paragraphs=LIBRARY),
    )
    yield opened
    opened.close()


def said(capsys, *arguments, **options):
    story(*arguments, **options)
    return capsys.readouterr().out


@pytest.mark.parametrize("wanted", [FIRST, REPRINT, article(1).url])
def test_any_of_its_articles_leads_to_the_whole_story(made, capsys, wanted):
    lines = said(capsys, wanted).splitlines()
    assert lines[0] == "首发 杭州日报 2023-12-15 A01 要闻  2023-12-15 08:45:10 首次见到"
    assert lines[1:3] == ["  临江渡口恢复通航", f"  来源：新华社  编号：{FIRST}"]
    assert lines[4] == "转载 都市快报 2023-12-16 B02 民生  2023-12-15 08:45:10 首次见到"
    assert lines[5:7] == ["  临江渡口回来了", f"  来源：杭州日报  编号：{REPRINT}"]


def test_a_broken_headline_is_shown_on_one_line(made, capsys):
    broken = {"headline": "临江渡口\n恢复通航", "paragraphs": MARKET, "edition": "2023-12-20"}
    record(made, article(4, **broken))
    wanted = "hangzhou_daily/2023-12-20/A01/4"
    assert said(capsys, wanted).splitlines()[1] == "  临江渡口 恢复通航"
    data = json.loads(said(capsys, wanted, as_json=True))
    assert data["first"]["headline"] == "临江渡口 恢复通航"


def test_it_says_what_the_reprint_left_out_changed_and_added(made, capsys):
    lines = said(capsys, FIRST).splitlines()
    assert lines[7:] == [
        "  增加：据《杭州日报》报道，",
        "  “停航期间更换了两座趸船，”改为“停航期间更换了三座趸船，”",
        f"  删去：{FERRY[-1]}",
    ]


def test_for_programs_everything_is_there(made, capsys):
    data = json.loads(said(capsys, REPRINT, as_json=True))
    assert data["first"]["article_id"] == FIRST
    [reprint] = data["reprints"]
    assert (reprint["article_id"], reprint["source"], reprint["page"]) == (
        REPRINT,
        "杭州日报",
        "B02",
    )
    assert [change["kind"] for change in reprint["changes"]] == ["added", "changed", "left_out"]
    assert reprint["changes"][2] == {"kind": "left_out", "before": FERRY[-1], "after": ""}


def test_an_article_without_reprints_says_so(made, capsys):
    assert said(capsys, ALONE).splitlines()[-1] == "没有转载"
    assert json.loads(said(capsys, ALONE, as_json=True))["reprints"] == []


def test_an_unchanged_reprint_says_so(made, capsys):
    record(made, article(4, paper="metro_express", paragraphs=LIBRARY))
    assert "正文无改动" in said(capsys, ALONE)


def test_many_changes_are_cut_short_for_a_person(made, capsys):
    clauses = "".join(FERRY + LIBRARY + MARKET).split("，")
    kept = [each for number, each in enumerate(clauses) if number % 3 != 2]
    [first, _] = record(
        made,
        article(5, edition="2024-02-14", paragraphs=["，".join(clauses)]),
        article(6, edition="2024-02-15", paragraphs=["，".join(kept) + "本报将继续关注。"]),
    )
    [reprint] = json.loads(said(capsys, first.article_id, as_json=True))["reprints"]
    more = len(reprint["changes"]) - MOST_SHOWN
    assert more > 0
    assert said(capsys, first.article_id).splitlines()[-1] == f"  另有 {more} 处改动"


def test_what_is_not_held_or_cannot_be_read_is_one_line(made):
    with pytest.raises(NoSuchArticle, match="no/such: not held"):
        story("no/such")
    [bad] = record(made, article(9, paragraphs=FERRY, decode_errors=9, characters=100))
    with pytest.raises(Unreadable, match="newscrawl show hangzhou_daily"):
        story(bad.article_id)
