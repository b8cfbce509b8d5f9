"""The page of a snapshot: what it shows, and what it does not."""

from __future__ import annotations

import pytest
from lxml import html

from newscrawl.items import Image
from tests.makers import PAPER, article, record

ID = f"{PAPER}/2023-12-15/A01/1"
ENGLISH = (("host", "localhost"), ("accept-language", "en-GB,en;q=0.9"))
FULL = {
    "kicker": "杭甬复线",
    "headline": "渡口今晨\n恢复通航",
    "subhead": "首班载客三十人",
    "reporters": ["林晚舟", "何听澜"],
    "correspondents": ["余杭区委宣传部"],
    "paragraphs": ["停航两天的渡口恢复通航。", "市民称赞出行方便。"],
    "images": [Image("https://paper.example/p.jpg", "渡口清晨 林晚舟 摄")],
}
OTHER_RECORD = "<urn:uuid:00000009-0000-4000-8000-000000000000>"


def page(answer):
    assert answer.status == 200
    return html.fromstring(answer.text)


def texts(answer, xpath):
    return [each.text_content() for each in page(answer).xpath(xpath)]


def test_an_article_is_shown_with_its_levels_and_where_it_is_from(held, get):
    record(held, article(1, **FULL))
    answer = get(f"/s/{ID}")
    assert texts(answer, "//h1") == ["渡口今晨\n恢复通航"]
    assert texts(answer, "//*[@class='kicker']") == ["杭甬复线"]
    assert texts(answer, "//*[@class='subhead']") == ["首班载客三十人"]
    assert texts(answer, "//*[@class='text']") == FULL["paragraphs"]
    assert texts(answer, "//article/*[@class='dim']") == [
        "记者 林晚舟 何听澜",
        "通讯员 余杭区委宣传部",
        "[图] 渡口清晨 林晚舟 摄",
    ]
    assert texts(answer, "//main/p") == ["资讯快照：杭州日报 2023-12-15 A01 要闻"]
    names, values = texts(answer, "//dt"), texts(answer, "//dd")
    shown = dict(zip(names, values, strict=True))
    assert shown["快照生成时间"] == "2023-12-15 08:45:10 (北京时间)"
    assert shown["信息原文地址"] == article(1).url
    assert shown["快照摘要"] == "sha256:" + "0" * 64
    assert shown["编号"] == ID
    assert "不代表本站立场" in answer.text
    assert "无隶属或合作关系" in answer.text
    assert "news@example.org" in answer.text


def test_its_citation_and_whether_the_original_is_there_are_told(held, get):
    record(held, article(1, reporters=["林晚舟"]))

    def shown(**options):
        answer = get(f"/s/{ID}", **options)
        return dict(zip(texts(answer, "//dt"), texts(answer, "//dd"), strict=True))

    cited = "林晚舟. 第1号渡口恢复通航[N/OL]. 杭州日报, 2023-12-15(A01)[2023-12-15]. "
    assert shown()["引用格式（GB/T 7714）"] == f"{cited}{article(1).url}."
    assert shown()["原文现状"] == "2023-12-15 08:45:10 收录后没有复查过"
    later = {"snapshot_time": "2023-12-16T00:00:00.000000+00:00", "record_id": OTHER_RECORD}
    record(held, article(1, reporters=["林晚舟"], **later))
    assert shown()["原文现状"] == "2023-12-16 08:00:00 复查时仍在"
    assert "still there" in shown(headers=ENGLISH)["The original now"]


def test_the_link_to_the_original_tells_nobody_where_one_came_from(held, get):
    record(held, article(1))
    (link,) = page(get(f"/s/{ID}")).xpath("//dd/a")
    assert link.get("href") == article(1).url
    assert link.get("rel") == "noreferrer nofollow"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,<script>1</script>", "//evil.example/x"]
)
def test_e9_an_original_address_that_is_none_is_no_link(held, get, url):
    record(held, article(1, url=url))
    answer = get(f"/s/{ID}")
    assert page(answer).xpath("//dd/a") == []
    assert url.partition("<")[0] not in answer.text


def test_an_imported_article_says_who_brought_it(held, get, tmp_path):
    record(held, article(1, url="import:hangzhou_daily/x", own_id="x", page="", number=0))
    with held.write() as tx:
        tx.exec_driver_sql("UPDATE snapshots SET kind = 'import'")
    answer = get("/s/hangzhou_daily/x")
    assert "由本站运营者导入" in answer.text
    assert "自动采集" not in answer.text
    assert "import:" not in answer.text


def test_the_newest_text_is_shown_and_older_ones_by_number(held, get):
    record(held, article(1, paragraphs=["第一稿。"]))
    record(held, article(1, paragraphs=["第二稿。"], record_id=OTHER_RECORD))
    assert texts(get(f"/s/{ID}"), "//*[@class='text']") == ["第二稿。"]
    assert texts(get(f"/s/{ID}/2"), "//*[@class='text']") == ["第二稿。"]
    older = get(f"/s/{ID}/1")
    assert texts(older, "//*[@class='text']") == ["第一稿。"]
    assert page(older).xpath("//*[@class='notice']/a/@href") == [f"/s/{ID}"]
    assert get(f"/s/{ID}/3").status == 404
    assert page(get(f"/s/{ID}")).xpath("//*[@class='notice']") == []


def test_an_id_that_ends_in_a_number_is_the_article_of_that_name(held, get):
    for number, own_id in enumerate(("X", "X/1"), 1):
        record(held, article(number, own_id=own_id, page="", number=0, headline=own_id))
    assert texts(get(f"/s/{PAPER}/X"), "//h1") == ["X"]
    assert texts(get(f"/s/{PAPER}/X/1"), "//h1") == ["X/1"]


def test_an_id_of_any_characters_is_found_by_its_link(held, get):
    from newscrawl.alerts.links import snapshot_path

    strange = "报?a#b%2f<i>"
    record(held, article(1, own_id=strange, page="", number=0))
    assert get(snapshot_path(f"{PAPER}/{strange}")).status == 200
    assert get(snapshot_path(f"{PAPER}/{strange}", 1)).status == 200


@pytest.mark.parametrize(
    "named",
    [
        "", "x", f"{PAPER}/2023-12-15/A01/2", f"{ID}/0", f"{ID}/01", f"{ID}/-1", f"{ID}/",
        f"{ID}/9999999999999999999", f"{ID}/1/1", "%00", "%ff", "a" * 5000,
        "example.com/hzrb/article_detail_1_20231215A011.html",
        "https://example.com/hzrb/article_detail_1_20231215A011.html",
    ],
)  # fmt: skip
def test_what_is_unknown_is_not_there(held, get, named):
    record(held, article(1))
    assert get(f"/s/{ID}").status == 200
    assert get(f"/s/{named}").status == 404


def test_what_cannot_be_read_is_not_there(held, get):
    record(held, article(1, decode_errors=50, characters=100))
    assert get(f"/s/{ID}").status == 404
    assert get(f"/s/{ID}/1").status == 404


def test_a_sound_text_stays_where_a_later_capture_cannot_be_read(held, get):
    record(held, article(1))
    spoilt = {"decode_errors": 50, "characters": 100, "paragraphs": ["锟斤拷"]}
    record(held, article(1, record_id=OTHER_RECORD, **spoilt))
    assert "市民称赞" in get(f"/s/{ID}").text
    assert get(f"/s/{ID}/2").status == 404


def test_a_few_unreadable_characters_are_told(held, get):
    record(held, article(1, decode_errors=1, characters=100_000))
    assert "少量字符无法识别" in get(f"/s/{ID}").text


def test_what_is_ours_is_said_in_english_to_who_prefers_it(held, get):
    record(held, article(1))
    answer = get(f"/s/{ID}", headers=ENGLISH)
    assert "Snapshot taken" in answer.text
    assert "快照生成时间" not in answer.text
    assert answer.headers["content-language"] == "en"
    assert answer.headers["vary"] == "accept-language"
    assert "快照生成时间" in get(f"/s/{ID}?lang=zh", headers=ENGLISH).text
    assert "Snapshot taken" in get(f"/s/{ID}?lang=en").text


def test_e5_nothing_of_an_article_becomes_markup(held, get):
    nasty = "<script>alert(1)</script>\"'<img src=x onerror=alert(1)>&amp;"
    values = dict.fromkeys(("kicker", "headline", "subhead", "page_name"), nasty)
    lists = {name: [nasty] for name in ("reporters", "correspondents", "paragraphs")}
    record(held, article(1, **values, **lists, images=[Image("https://a.example", nasty)]))
    answer = get(f"/s/{ID}")
    shown = page(answer)
    assert shown.xpath("//script | //img | //article//a") == []
    assert not [name for each in shown.iter() for name in each.attrib if name.startswith("on")]
    assert texts(answer, "//h1") == [nasty]
    assert texts(answer, "//*[@class='text']") == [nasty]
