"""`newscrawl diff`: what an edit changed, for a person and for a program."""

from __future__ import annotations

import json

import pytest

from newscrawl import settings
from newscrawl.cli.diff import OneVersion, diff
from newscrawl.cli.show import NoSuchArticle
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.items import Image
from tests.makers import PAPER, article, catalogue, record

FIRST, ALONE = f"{PAPER}/2023-12-15/A01/1", f"{PAPER}/2023-12-15/A01/2"
BODY = ["全市进出口总值7012.6亿元，同比增长6.2%。", "年末备货高峰比往年提前了约两周。"]


def version(n, **values):
    record_id = f"<urn:uuid:{n:08d}-0000-4000-8000-000000000009>"
    time = f"2023-12-1{5 + n}T00:00:00.000000+00:00"
    return article(1, record_id=record_id, snapshot_time=time, **values)


@pytest.fixture
def held(tmp_path, monkeypatch):
    home = Home(tmp_path)
    monkeypatch.setattr(settings, "home", lambda: home)
    made = catalogue(home.catalogue)
    old = {"headline": "前十月出口增长两成", "reporters": ["闵思齐"]}
    edited = [BODY[0].replace("7012.6", "7021.6"), BODY[1].replace("提前了约两周", "略有推迟")]
    record(
        made,
        version(0, **old, paragraphs=BODY),
        version(1, **old, paragraphs=edited),
        version(2, headline="前十月出口增长三成", reporters=["闵思齐", "关岩"], paragraphs=edited),
        article(2),
    )
    yield made
    made.close()


def said(capsys, *arguments, **options):
    diff(*arguments, **options)
    return capsys.readouterr().out


def test_the_last_two_versions_are_compared_unless_others_are_named(held, capsys):
    lines = said(capsys, FIRST).splitlines()
    assert lines == [
        "杭州日报 2023-12-15 A01 要闻",
        "前十月出口增长三成",
        "版本 2：2023-12-16 08:00:00",
        "版本 3：2023-12-17 08:00:00",
        "主题：前十月出口增长〔删：两〕〔增：三〕成",
        "记者：闵思齐〔增：、关岩〕",
        "改动 2 处，4 字",
    ]
    body = said(capsys, FIRST, 1, 2).splitlines()[4:]
    assert body == [
        "正文：",
        "  全市进出口总值〔删：7012.6〕〔增：7021.6〕亿元，",
        "  年末备货高峰比往年〔删：提前了约两周〕〔增：略有推迟〕。",
        "改动 2 处，20 字",
    ]
    assert said(capsys, FIRST, 1, 3).splitlines()[-1] == "改动 4 处，24 字"
    assert "〔删：三〕〔增：两〕" in said(capsys, article(1).url, 3, 1)


def test_a_version_is_compared_with_another(held, capsys):
    for named in ((FIRST, 3), (FIRST, 2, 2)):
        with pytest.raises(UsageError, match="is the same on both sides"):
            said(capsys, *named)


def test_a_picture_in_the_place_of_another_is_told_by_its_file(held, capsys):
    for n, name in enumerate("ab", 3):
        picture = Image(f"https://paper.example/{name}.jpg", "湘湖初冬")
        record(held, version(n, headline="前十月出口增长三成", images=[picture]))
    assert "图片：湘湖初冬 〔删：a〕〔增：b〕.jpg" in said(capsys, FIRST)


def test_what_was_not_compared_is_said(held, capsys):
    for n, end in enumerate("甲乙", 3):
        text = "好，" * 6_000 + end
        record(held, version(n, headline="前十月出口增长三成", paragraphs=[text]))
    assert said(capsys, FIRST).splitlines()[-1] == "没有见到改动；正文过长，只比较了开头部分"
    assert json.loads(said(capsys, FIRST, as_json=True))["whole"] is False


def test_a_terminal_shows_the_changes_in_colour(held, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = said(capsys, FIRST)
    assert "〔" not in shown
    assert "\x1b[9;31m两" in shown


def test_a_program_gets_the_pieces(held, capsys):
    data = json.loads(said(capsys, FIRST, as_json=True))
    assert (data["from"]["version"], data["to"]["version"]) == (2, 3)
    assert data["fields"][0] == {
        "field": "主题",
        "before": "前十月出口增长两成",
        "after": "前十月出口增长三成",
        "pieces": [
            {"same": "前十月出口增长"},
            {"left_out": "两"},
            {"added": "三"},
            {"same": "成"},
        ],
    }
    assert data["body"] == []
    assert data["characters"] == 4


def test_pictures_and_punctuation_are_compared_too(held, capsys):
    text = [BODY[0].replace("，", "；"), BODY[1]]
    pictures = [Image("https://paper.example/a.jpg", "码头"), Image("https://paper.example/b.jpg")]
    record(held, version(3, paragraphs=BODY), version(4, paragraphs=text, images=pictures))
    shown = said(capsys, FIRST)
    assert "图片：〔增：码头；b.jpg〕" in shown
    assert "亿元〔删：，〕〔增：；〕" in shown


def test_a_version_that_cannot_be_read_is_compared_only_where_it_is_named(held, capsys):
    record(
        held,
        version(
            3,
            headline="前十月出口增长三成",
            paragraphs=["锟斤拷"],
            decode_errors=50,
            characters=100,
        ),
    )
    assert "版本 3" in said(capsys, FIRST).splitlines()[3]
    assert "锟斤拷" in said(capsys, FIRST, 3, 4)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("nothing",), NoSuchArticle, "not held"),
        ((ALONE,), OneVersion, "one version only, of 2023-12-15 08:45:10"),
        ((FIRST, 1, 4), UsageError, "no version 4; there are 1 to 3"),
        ((FIRST, 0), UsageError, "no version 0; there are 1 to 3"),
    ],
)
def test_what_cannot_be_compared_is_one_line(held, arguments, error, words):
    with pytest.raises(error) as refusal:
        diff(*arguments)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)
