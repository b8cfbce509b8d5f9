from __future__ import annotations

import re
from datetime import date

import pytest

from newscrawl.demo.edition import Picture
from newscrawl.demo.skins import LEGACY, ORNATE, PLAIN, SKINS, Skin
from tests.demo.pages import (
    BASE,
    EDITIONS,
    FIRST,
    HEADERS,
    SECOND,
    article_tree,
    complete_site,
    linked,
    paths,
    printed,
    squeezed,
    text_of,
    tree_of,
    words,
)

DAYS = (FIRST, SECOND)
skins = pytest.mark.parametrize("skin", SKINS.values(), ids=SKINS)
days = pytest.mark.parametrize("day", DAYS, ids=str)

# as the facts' catalogue writes them for the three papers
PAGE_LINK = r"page_detail_1_\d{8}[A-Z]\d{2}\.html"
ARTICLE_LINK = r"article_detail_1_\d{8}[A-Z]\d{2}\d+\.html"


@skins
@days
def test_the_index_lists_every_page_with_its_pdf(skin: Skin, day: date) -> None:
    site, index = complete_site(skin), paths(day).page_list
    assert index == f"/hzrb/{day:%Y/%m/%d}/page_list_{day:%Y%m%d}.html"
    targets = linked(tree_of(site, index), index, "//a/@href")
    assert len(targets) == 24
    assert all(site.answer("GET", target, {}).status == 200 for target in targets)
    assert all(target.endswith("_pdf.pdf") for target in targets[::2])
    assert all(re.search(PAGE_LINK + "$", target) for target in targets[1::2])
    labels = [(link.get("title"), link.text) for link in tree_of(site, index).xpath("//a[@title]")]
    assert labels == [(page.name, f"第{page.code}版：{page.name}") for page in EDITIONS[day].pages]


@skins
@days
def test_every_article_is_found_from_its_page(skin: Skin, day: date) -> None:
    site, names = complete_site(skin), paths(day)
    for page in EDITIONS[day].pages:
        start = names.page_detail(page.code)
        view, listing = linked(tree_of(site, start), start, "//iframe/@src")
        lost = page.code in skin.lost_list
        listed = [] if lost else linked(tree_of(site, listing), listing, "//li/a/@href")
        mapped = linked(tree_of(site, view), view, "//map/area/@href")
        whole = [names.article_detail(page.code, piece.number) for piece in page.pieces]
        assert all(re.search(ARTICLE_LINK + "$", path) for path in whole)
        assert listed == ([] if lost or page.code in skin.without_list else whole)
        assert mapped == ([] if page.code in skin.without_areas else whole)
        assert set(listed) | set(mapped) == set(whole)
        (image,) = linked(tree_of(site, view), view, "//img/@src")
        assert site.answer("GET", image, {}).body.startswith(b"\x89PNG")


@skins
@days
def test_an_article_holds_all_its_words_and_pictures(skin: Skin, day: date) -> None:
    site, names = complete_site(skin), paths(day)
    for page, piece in printed(EDITIONS[day]):
        if piece.missing:
            continue
        tree = article_tree(site, day, page, piece)
        (content,) = tree.xpath("//div[@class='content']")
        text = squeezed("".join(words_ for block in piece.blocks for words_ in words(block)))
        assert squeezed(content.text_content()) == text, (page.code, piece.number)
        here = names.article_detail(page.code, piece.number)
        pictures = [block for block in piece.blocks if isinstance(block, Picture)]
        sources = linked(tree, here, "//img/@src")
        assert sources == [names.picture(page.code, piece.number, each.name) for each in pictures]
        assert all(site.answer("GET", source, {}).status == 200 for source in sources)


@skins
@days
def test_an_article_shows_its_headline_levels_and_day(skin: Skin, day: date) -> None:
    site = complete_site(skin)
    for page, piece in printed(EDITIONS[day]):
        if piece.missing:
            continue
        tree = article_tree(site, day, page, piece)
        levels = {
            name: squeezed("".join(tree.xpath(f"//{name}//text()"))) for name in ("h1", "h2", "h3")
        }
        assert levels == {
            "h1": squeezed("".join(piece.headline)),
            "h2": squeezed(piece.subhead),
            "h3": squeezed(piece.kicker),
        }
        assert squeezed(tree.findtext("head/title")) == levels["h1"] + "_杭州日报"
        assert tree.xpath("string(//div[@class='date'])") == f"{day:%Y-%m-%d}"
        assert "返回主页" in tree.xpath("string(//div[@class='nav'])")


def test_a_two_line_headline_breaks_as_on_the_real_site() -> None:
    site, names = complete_site(PLAIN), paths(FIRST)
    piece = EDITIONS[FIRST].pages[0].pieces[0]
    first, second = piece.headline
    article = text_of(site, names.article_detail("A01", piece.number))
    assert f"<title>{first}\n　　　　{second}_杭州日报</title>" in article
    assert f">{first}\n{second}</a>" in text_of(site, names.article_list("A01"))


def test_neighbours_are_linked_and_the_ends_are_not() -> None:
    site, names, page = complete_site(PLAIN), paths(FIRST), EDITIONS[FIRST].pages[0]
    numbers = [piece.number for piece in page.pieces]
    for at, number in enumerate(numbers):
        path = names.article_detail("A01", number)
        links = linked(tree_of(site, path), path, "//div[@class='nav']/a/@href")[2:]
        neighbours = [*numbers[max(at - 1, 0) : at], *numbers[at + 1 : at + 2]]
        assert links == [names.article_detail("A01", each) for each in neighbours]


@skins
def test_a_page_of_advertisements_has_an_image_and_nothing_else(skin: Skin) -> None:
    site, names = complete_site(skin), paths(SECOND)
    view = tree_of(site, names.page_view("A12"))
    assert len(view.xpath("//img")) == 1
    assert not view.xpath("//area")
    assert not tree_of(site, names.article_list("A12")).xpath("//li")


def test_ornate_writes_absolute_links_scrolling_areas_and_polygons() -> None:
    site, names = complete_site(ORNATE), paths(FIRST)
    view = tree_of(site, names.page_view("A01"))
    assert all(
        link.startswith(BASE) and link.endswith("?div=1") for link in view.xpath("//area/@href")
    )
    assert set(view.xpath("//area/@shape")) == {"poly"}
    article = text_of(site, names.article_detail("A01", 1))
    assert article.index("<h1") < article.index("<h2") < article.index("<h3")
    assert '<a target="_parent" href="' in text_of(site, names.article_list("A01"))


def test_legacy_is_gb18030_declared_as_gb2312_in_capitals() -> None:
    site, names = complete_site(LEGACY), paths(FIRST)
    answer = site.answer("GET", names.page_list, {})
    assert ("Content-Type", "text/html; charset=gb2312") in answer.headers
    text = answer.body.decode("gb18030")
    assert "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=gb2312'>" in text
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")
    texts = [
        text for _, piece in printed(EDITIONS[FIRST]) for b in piece.blocks for text in words(b)
    ]
    assert not all(encodable(text, "gb2312") for text in texts), "gb2312 would do: nothing is shown"


def encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@skins
def test_the_misdeclared_article_is_utf8_and_says_gb2312(skin: Skin) -> None:
    site = complete_site(skin)
    ((page, piece),) = [each for each in printed(EDITIONS[FIRST]) if each[1].meta_charset]
    path = paths(FIRST).article_detail(page.code, piece.number)
    assert ("Content-Type", "text/html") in site.answer("GET", path, {}).headers
    assert "charset=gb2312" in text_of(site, path, "utf-8")


def test_some_pages_lack_their_areas_or_their_list() -> None:
    names = paths(FIRST)
    ornate, legacy = complete_site(ORNATE), complete_site(LEGACY)
    for page in EDITIONS[FIRST].pages:
        areas = tree_of(ornate, names.page_view(page.code)).xpath("//area")
        assert bool(areas) is (page.code not in {"A03", "A09"})
        listing = names.article_list(page.code)
        if page.code == "A07":
            assert legacy.answer("GET", listing, HEADERS).status == 404
        else:
            assert bool(tree_of(legacy, listing).xpath("//li")) is (page.code != "A02")


def test_text_is_escaped() -> None:
    site = complete_site(PLAIN)
    _, piece = next(printed(EDITIONS[FIRST]))
    assert "下一篇&gt;&gt;" in text_of(site, paths(FIRST).article_detail("A01", piece.number))
