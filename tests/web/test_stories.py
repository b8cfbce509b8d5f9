"""The page that compares the articles of a story, and the way there."""

from __future__ import annotations

import pytest
from lxml import html

from newscrawl.alerts.links import story_path
from newscrawl.web import comparing, stories
from tests.makers import PAPER, TITLE, article, catalogue, record
from tests.reports import FERRY, LIBRARY

FIRST = f"{PAPER}/2023-12-15/A01/1"
REPRINT = "metro_express/2023-12-16/B02/2"
ALONE = f"{PAPER}/2023-12-15/A01/3"
ENGLISH = (("host", "localhost"), ("accept-language", "en"))
CHANGED = [
    "据《杭州日报》报道，" + FERRY[0],
    FERRY[1].replace("两座趸船", "三座趸船"),
    *FERRY[2:-1],
]
NASTY = "<script>alert(1)</script>\"'<img src=x onerror=alert(1)>&amp;"


@pytest.fixture
def held(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db", {PAPER: TITLE, "metro_express": "都市快报"})
    yield made
    made.close()


@pytest.fixture
def reprinted(held):
    record(
        held,
        article(1, paragraphs=FERRY, headline="临江渡口\n恢复通航", source="新华社"),
        _reprint(2, headline="临江渡口回来了", source=TITLE),
        article(3, paragraphs=LIBRARY),
    )
    return held


def _reprint(number, **changes):
    values = {"paper": "metro_express", "page": "B02", "edition": "2023-12-16"}
    return article(number, **({"paragraphs": CHANGED, "page_name": "民生"} | values | changes))


def page(answer):
    assert answer.status == 200
    return html.fromstring(answer.text)


def texts(answer, xpath):
    return [" ".join(each.text_content().split()) for each in page(answer).xpath(xpath)]


def test_it_shows_what_each_reprint_left_out_changed_and_added(reprinted, get):
    answer = get(f"/story/{FIRST}")
    assert texts(answer, "//section//h2") == ["临江渡口 恢复通航", "临江渡口回来了"]
    assert texts(answer, "//section/p[@class='dim']") == [
        "首发 · 杭州日报 2023-12-15 A01 要闻 · 首次见到 2023-12-15 08:45:10 · 来源 新华社",
        "转载 · 都市快报 2023-12-16 B02 民生 · 首次见到 2023-12-15 08:45:10 · 来源 杭州日报",
    ]
    assert texts(answer, "//li") == [
        "增加 据《杭州日报》报道，",
        "改动 停航期间更换了两座趸船， 停航期间更换了三座趸船，",
        f"删去 {FERRY[-1]}",
    ]
    assert texts(answer, "//del") == ["停航期间更换了两座趸船，", FERRY[-1]]
    assert texts(answer, "//ins") == ["据《杭州日报》报道，", "停航期间更换了三座趸船，"]
    assert page(answer).xpath("//section//a/@href") == [f"/s/{FIRST}", f"/s/{REPRINT}"]


def test_any_article_of_it_leads_there_and_its_snapshot_shows_the_others(reprinted, get):
    for mine, other in ((FIRST, REPRINT), (REPRINT, FIRST)):
        shown = page(get(f"/s/{mine}"))
        others, compare = shown.xpath("//section//a/@href")
        assert (others, compare) == (f"/s/{other}", f"/story/{mine}")
        assert texts(get(f"/s/{mine}"), "//section/h2") == ["同一篇报道，共 2 篇"]
        assert texts(get(compare), "//li") == texts(get(f"/story/{FIRST}"), "//li")
    assert texts(get(f"/s/{REPRINT}/1"), "//section//li")[0].startswith("首发 杭州日报")


def test_an_article_alone_has_no_such_section_and_says_so(reprinted, get):
    assert page(get(f"/s/{ALONE}")).xpath("//section") == []
    assert texts(get(f"/story/{ALONE}"), "//main/p")[-1] == "没有转载。"


def test_an_unchanged_reprint_says_so(reprinted, get):
    record(reprinted, _reprint(4, paragraphs=LIBRARY))
    assert texts(get(f"/story/{ALONE}"), "//section/p")[-1] == "正文无改动"


def test_what_is_ours_is_said_in_english_to_who_prefers_it(reprinted, get):
    answer = get(f"/story/{FIRST}", headers=ENGLISH)
    assert texts(answer, "//li/span") == ["Added", "Changed", "Left out"]
    assert "转载" not in answer.text
    assert texts(get(f"/s/{FIRST}", headers=ENGLISH), "//section/h2") == [
        "The same report, 2 articles"
    ]


@pytest.mark.parametrize(
    "named", ["", "x", f"{FIRST}/1", f"{FIRST}/", f"{PAPER}/2023-12-15/A01/9", "%00", "%ff"]
)
def test_what_is_unknown_is_not_there(reprinted, get, named):
    assert get(f"/story/{named}").status == 404


def test_what_cannot_be_read_is_not_there_and_in_no_list(reprinted, get):
    bad = {"decode_errors": 50, "characters": 100}
    record(reprinted, _reprint(5, paragraphs=["锟斤拷"], **bad))
    assert get("/story/metro_express/2023-12-16/B02/5").status == 404
    record(
        reprinted,
        _reprint(6, paragraphs=FERRY),
    )
    with reprinted.write() as tx:
        tx.exec_driver_sql("UPDATE versions SET live = 0 WHERE article_id LIKE '%B02/6'")
    assert "B02/6" not in get(f"/story/{FIRST}").text
    assert get("/story/metro_express/2023-12-16/B02/6").status == 404


def test_an_id_of_any_characters_is_found_by_its_link(held, get):
    record(held, article(1, own_id="报?a#b%2f<i>", page="", number=0))
    assert get(story_path(f"{PAPER}/报?a#b%2f<i>")).status == 200


def test_e5_nothing_of_a_reprint_becomes_markup(held, get):
    values = dict.fromkeys(("headline", "page_name", "source"), NASTY)
    record(held, article(1, paragraphs=[NASTY + "，", *FERRY], **values))
    record(held, _reprint(2, paragraphs=[*FERRY, NASTY + "。"], **values))
    for path in (f"/story/{FIRST}", f"/story/{REPRINT}", f"/s/{REPRINT}"):
        answer = get(path)
        shown = page(answer)
        assert shown.xpath("//script | //img") == []
        names = [name for each in shown.iter() for name in each.attrib]
        assert not [name for name in names if name.startswith("on")]
        assert NASTY in shown.text_content()
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert NASTY in "".join(texts(get(f"/story/{FIRST}"), "//del"))
    assert NASTY in "".join(texts(get(f"/story/{FIRST}"), "//ins"))


def test_e9_nothing_of_a_reprint_becomes_an_address(held, get):
    record(held, article(1, paragraphs=FERRY, url="javascript:alert(1)"))
    record(held, _reprint(2, paragraphs=[*FERRY, "请看 javascript:alert(2)。"]))
    links = page(get(f"/story/{FIRST}")).xpath("//section//@href")
    assert links == [f"/s/{FIRST}", f"/s/{REPRINT}"]


def test_a_story_without_end_is_shown_in_part_with_the_article_that_was_asked_for(
    held, get, monkeypatch
):
    monkeypatch.setattr(stories, "MOST", 3)
    monkeypatch.setattr(comparing, "MOST_CHANGES", 1)
    monkeypatch.setattr(comparing, "MOST_CHARACTERS", 20)
    record(held, article(1, paragraphs=FERRY))
    record(held, *(_reprint(number) for number in range(2, 7)))
    answer = get("/story/metro_express/2023-12-16/B02/6")
    paths = page(answer).xpath("//section//h2/a/@href")
    assert [each[-1] for each in paths] == ["1", "2", "3", "6"]
    assert texts(answer, "//main/p")[-1] == "另有 2 篇未列出"
    assert texts(answer, "//section[2]/p")[-1] == "另有 2 处改动"
    record(held, _reprint(7, paragraphs=FERRY[:1] + FERRY[2:], edition="2023-12-15"))
    assert texts(get(f"/story/{FIRST}"), "//section[2]//li") == [f"删去 {FERRY[1][:20]}…"]
    assert len(page(get(f"/s/{FIRST}")).xpath("//section//li")) == 3


def test_what_is_too_long_to_be_compared_is_said_and_what_was_asked_for_comes_first(
    reprinted, get, monkeypatch
):
    record(reprinted, _reprint(4), _reprint(5))
    size = sum(map(len, FERRY + CHANGED))
    monkeypatch.setattr(comparing, "MOST_COMPARED", 2 * size)
    answer = get("/story/metro_express/2023-12-16/B02/5")
    shown = [bool(each.xpath("ul")) for each in page(answer).xpath("//section")]
    assert shown == [False, True, False, True], "the first, and three reprints"
    assert texts(answer, "//section[3]/p")[-1].startswith("未比较")
    monkeypatch.setattr(comparing, "MOST_COMPARED", size - 1)
    said = texts(get(f"/story/{FIRST}", headers=ENGLISH), "//section/p")
    assert len([each for each in said if each.startswith("Not compared")]) == 3
