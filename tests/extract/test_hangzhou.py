from datetime import date

import pytest

from newscrawl.extract.hangzhou import (
    Area,
    ArticleLink,
    PageFrames,
    PageLink,
    Place,
    article_place,
    foreign_links,
    read_article,
    read_edition,
    read_list,
    read_page,
    read_view,
)
from newscrawl.extract.html import ReadError

FOLDER = "https://hzdaily.example/hzrb/2023/12/15/"
INDEX = FOLDER + "page_list_20231215.html"
PAGE = FOLDER + "page_detail_1_20231215A01.html"
VIEW = FOLDER + "page_view_1_20231215A01.html"
LIST = FOLDER + "article_list_1_20231215A01.html"
ARTICLE = FOLDER + "article_detail_1_20231215A01{}.html"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("article_detail_1_20231215A0125.html", Place(1, date(2023, 12, 15), "A01", 25)),
        (
            "article_detail_2_20231215A012.html?div=1#article",
            Place(2, date(2023, 12, 15), "A01", 2),
        ),
        ("article_detail_3_20231215C101.htm", Place(3, date(2023, 12, 15), "C10", 1)),
        ("article_detail_1_20231399A011.html", None),
        ("article_detail_1_20231215A01.html", None),
        ("article_detail_1_20231215011.html", None),
        ("page_detail_1_20231215A01.html", None),
        ("article_detail_1_20231215A011.html/x", None),
        ("", None),
    ],
)
def test_an_article_s_name_says_its_place(name: str, place: Place | None) -> None:
    assert article_place(FOLDER + name) == place


def test_the_index_lists_pages_whatever_stands_around_them() -> None:
    text = """
    <a href='/nav.html'>首页</a><DIV><A TITLE="要闻" HREF='page_detail_1_20231215A01.html#x'></A>
    <a href="/hzrb/page/1/2023-12/15/A02/20231215A02_pdf.pdf">PDF</a>
    <a href="/hzrb/page/1/2023-12/15/A01/20231215A01_pdf.pdf">PDF</a>
    <li><b><a target=_blank href="/hzrb/2023/12/15/page_detail_1_20231215A02.html?v=2">第A02版：
     民 生</a></b></li>
    <a href="page_detail_1_20231215A01.html">第A01版：要闻</a>
    <a href="https://hzdaily.example/hzrb/2023/12/15/page_detail_1_20231215B11.html">B11版 专题</a>
    </DIV>
    """
    index = read_edition(text, INDEX)
    pdf = "https://hzdaily.example/hzrb/page/1/2023-12/15/{0}/20231215{0}_pdf.pdf"
    assert index.pages == (
        PageLink("A01", "要闻", PAGE, pdf.format("A01")),
        PageLink("A02", "民生", PAGE.replace("A01", "A02"), pdf.format("A02")),
        PageLink("B11", "专题", PAGE.replace("A01", "B11"), None),
    )
    assert index.dates == {"20231215"}


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("第01版 要闻", "要闻"),
        ("01版：要闻", "要闻"),
        ("(GA01) 封面", "封面"),
        ("A01 要 闻", "要闻"),
        ("第A01版", ""),
        ("城事", "城事"),
    ],
)
def test_a_page_s_name_is_read_without_its_number(label: str, name: str) -> None:
    text = f'<a href="page_detail_1_20231215A01.html">{label}</a>'
    assert read_edition(text, INDEX).pages[0].name == name


def test_an_index_of_another_day_is_seen_and_not_taken() -> None:
    text = '<a href="page_detail_1_20231214A01.html">第A01版：要闻</a>'
    index = read_edition(text, INDEX)
    assert (index.pages, index.dates) == ((), {"20231214"})


def test_a14_an_index_without_pages_has_none() -> None:
    index = read_edition("<p>今日休刊</p>", INDEX)
    assert (index.pages, index.dates) == ((), frozenset())


@pytest.mark.parametrize("order", [1, -1])
def test_frames_are_told_by_their_names(order: int) -> None:
    frames = [
        f'<iframe width="1" src="{VIEW}"></iframe>',
        '<div><IFRAME SRC="article_list_1_20231215A01.html?x"></IFRAME></div>',
    ]
    other = '<a href="article_list_1_20231215A02.html">下一版</a>'
    text = "".join(frames[::order]) + other
    assert read_page(text, PAGE) == PageFrames(VIEW, LIST)


def test_a_page_may_lack_its_frames() -> None:
    assert read_page("<p>x</p>", PAGE) == PageFrames(None, None)


def test_areas_in_percent_of_the_page() -> None:
    text = """
    <img src="logo.gif"><img src="../p/A01.jpg?t=1" usemap="#m"><map name=m>
    <area coords="322,512,0,0" shape="RECTANGLE" href="article_detail_1_20231215A011.html?div=1">
    <area shape=poly coords="0, 0, 644,0 ,644,1024.0"
          href="/hzrb/2023/12/15/article_detail_1_20231215A012.html#a">
    <area shape=rect coords="0,0,10,10" href="article_detail_1_20231215A012.html">
    <area shape=circle coords="5,5,5" href="article_detail_1_20231215A013.html">
    <area coords="1,1,9,9" href="article_detail_1_20231214A014.html">
    <area coords="1,1,9,9" href="article_detail_1_20231215A021.html">
    <area coords="-5,0,700,33" href="article_detail_1_20231215A0125.html"></map>
    """
    view = read_view(text, VIEW)
    assert view.image_url == "https://hzdaily.example/hzrb/2023/12/p/A01.jpg?t=1"
    assert view.areas == (
        Area(ARTICLE.format(1), ((0, 0), (50, 0), (50, 50), (0, 50))),
        Area(ARTICLE.format(2), ((0, 0), (100, 0), (100, 100))),
        Area(ARTICLE.format(3), ()),
        Area(ARTICLE.format(25), ((0, 0), (100, 0), (100, 3.22), (0, 3.22))),
    )


@pytest.mark.parametrize(
    ("size", "corner"),
    [
        ('width="1000" height="2000px"', (10, 5)),
        ('width="100%" height="2000"', (15.53, 9.77)),
        ('width="1000"', (15.53, 9.77)),
        ('width="0" height="0"', (15.53, 9.77)),
    ],
)
def test_an_image_s_own_size_counts(size: str, corner: tuple[float, float]) -> None:
    area = '<area coords="0,0,100,100" href="article_detail_1_20231215A011.html">'
    text = f"<img src=a.jpg {size}>{area}"
    assert read_view(text, VIEW).areas[0].polygon[2] == corner


def test_a_view_without_image_and_map() -> None:
    view = read_view("<p>x</p>", VIEW)
    assert (view.image_url, view.areas) == (None, ())


def test_the_list_has_each_article_once_in_order() -> None:
    text = """
    <li><a href="article_detail_1_20231215A0112.html#a" target="_parent"><img></a></li>
    <li><a target="_parent" href="/hzrb/2023/12/15/article_detail_1_20231215A012.html">第一行
    第二行<br>第三行</a></li><li><A HREF='article_detail_1_20231215A0112.html'>十二</A></li>
    <li><a href="article_detail_1_20231214A013.html">昨天</a></li>
    <li><a href="article_detail_2_20231215A014.html">别的报</a></li><a name=x>锚</a>"""
    assert read_list(text, LIST) == (
        ArticleLink(ARTICLE.format(12), "十二"),
        ArticleLink(ARTICLE.format(2), "第一行 第二行 第三行"),
    )


def article(head: str, content: str = "<p>正文</p>", title: str = "页题_杭州日报") -> str:
    return f'<title>{title}</title>{head}<div class="content">{content}</div>'


@pytest.mark.parametrize(
    "head",
    [
        "<h3>引</h3><h1>主</h1><h2>副</h2>",
        "<h2>副</h2><div><h3>引</h3></div><span><h1><font>主</font></h1></span>",
        '<h1>杭州日报</h1><div class="x"><h1>主</h1><h3></h3><h3>引</h3><h2>副</h2></div>',
    ],
)
def test_heading_levels_in_any_order(head: str) -> None:
    found = read_article(article(head, title="主_杭州日报"), ARTICLE.format(1))
    assert (found.kicker, found.headline, found.subhead) == ("引", "主", "副")


@pytest.mark.parametrize("line_break", ["<br>", "\n　　", " <br/>\n", "<BR><BR>"])
def test_headings_are_broken_where_the_page_breaks_them(line_break: str) -> None:
    head = "<h3>引|题</h3><h1>主|题</h1><h2>副|题</h2><h2>又|一</h2>".replace("|", line_break)
    found = read_article(article(head, title="主\n　　题_杭州日报"), ARTICLE.format(1))
    assert (found.kicker, found.headline, found.subhead) == ("引\n题", "主\n题", "副\n题 又\n一")


def test_a_broken_headline_is_still_the_one_that_the_title_repeats() -> None:
    text = article("<h1>今日<br>关注</h1><h1>主<br>题</h1>", title="主题_杭州日报")
    assert read_article(text, ARTICLE.format(1)).headline == "主\n题"


def test_headings_in_the_body_are_text_and_those_behind_it_are_not_the_article_s() -> None:
    text = article("<h1>主</h1>", "<h3>小标题</h3><p>正文</p>") + "<h3>相关</h3><h2>热点</h2>"
    found = read_article(text, ARTICLE.format(1))
    assert (found.kicker, found.subhead) == ("", "")
    assert found.paragraphs == ["小标题", "正文"]


def test_headings_may_stand_behind_the_body() -> None:
    found = read_article(article("") + "<h1>主</h1><h2>副</h2>", ARTICLE.format(1))
    assert (found.headline, found.subhead) == ("主", "副")


@pytest.mark.parametrize("title", ["标题_都市快报", "标题\n　　　　 _都市快报 ", "标题"])
def test_without_h1_the_title_is_the_headline(title: str) -> None:
    assert read_article(article("", title=title), ARTICLE.format(1)).headline == "标题"


def test_a_title_that_is_the_headline_keeps_its_lines() -> None:
    text = article("", title="第一行\n　　　　第二行_都市快报")
    assert read_article(text, ARTICLE.format(1)).headline == "第一行\n第二行"


def test_the_date_is_the_first_outside_the_body() -> None:
    text = article("<h1>主</h1>", "<p>2020-01-01</p>") + "<p>发于 2023-12-15 08:00</p>2023-12-16"
    assert read_article(text, ARTICLE.format(1)).edition_raw == "2023-12-15"
    assert read_article(article("<h1>主</h1>"), ARTICLE.format(1)).edition_raw == ""


def test_name_and_text_fill_the_article() -> None:
    text = article("<h1>主</h1>", "<p>记者 林知远</p><p>正文。据新华社</p><p>（下转A02版）</p>")
    found = read_article(text, ARTICLE.format(25))
    assert (found.edition, found.page, found.number) == ("2023-12-15", "A01", 25)
    assert (found.reporters, found.source, found.continuation) == (
        ["林知远"],
        "新华社",
        "下转A02版",
    )


@pytest.mark.parametrize(
    "text",
    [
        "<h1>页面改版了</h1><div class=text><p>正文</p></div>",
        "<h1>主</h1><div class=content><p>　</p></div>",
        "<p>404 Not Found</p>",
        "",
    ],
)
def test_a14_a_changed_layout_is_no_article(text: str) -> None:
    with pytest.raises(ReadError):
        read_article(text, ARTICLE.format(1))


ELSEWHERE = "https://elsewhere.example/hzrb/2023/12/15/{}_1_20231215A01{}.html"


def test_a_link_to_another_host_is_not_the_edition_s_and_hides_none_of_its_own() -> None:
    other = ELSEWHERE.format("page_detail", "")
    text = f'<a href="{other}">A01版：要闻</a><a href="{PAGE}">A01版：要闻</a>'
    assert [page.url for page in read_edition(text, INDEX).pages] == [PAGE]
    assert foreign_links(text, INDEX) == (other,)
    frames = f'<iframe src="{ELSEWHERE.format("page_view", "")}"></iframe>'
    assert read_page(frames, PAGE) == PageFrames(None, None)
    assert foreign_links(frames, PAGE) == (ELSEWHERE.format("page_view", ""),)


@pytest.mark.parametrize(("page", "tag"), [(LIST, "a"), (VIEW, "area")])
def test_articles_on_another_host_are_not_the_page_s(page: str, tag: str) -> None:
    other = ELSEWHERE.format("article_detail", "1")
    text = f'<{tag} href="{other}">一</{tag}><{tag} href="{ARTICLE.format(2)}">二</{tag}>'
    read = read_list(text, page) if page == LIST else read_view(text, page).areas
    assert [link.url for link in read] == [ARTICLE.format(2)]
    assert foreign_links(text, page) == (other,)


def test_what_would_not_be_followed_anyway_is_no_foreign_link() -> None:
    text = "".join(
        f'<a href="https://elsewhere.example/{name}">x</a>'
        for name in (
            "",
            "page_list_20231215.html",
            "page_detail_1_20231214A01.html",
            "article_detail_1_20231215A011.html",
        )
    )
    assert foreign_links(text, INDEX) == ()


@pytest.mark.parametrize(
    ("target", "own"),
    [
        ("http://hzdaily.example/", True),
        ("https://HZDAILY.example:443/", True),
        ("https://hzdaily.example:8443/", False),
        ("https://www.hzdaily.example/", False),
    ],
)
def test_http_and_https_are_one_site_and_another_port_is_not(target: str, own: bool) -> None:
    text = f'<a href="{target}hzrb/2023/12/15/page_detail_1_20231215A01.html">A01</a>'
    assert bool(read_edition(text, INDEX).pages) == own


def test_a_chinese_host_is_the_same_in_both_ways_of_writing_it() -> None:
    name = "hzrb/2023/12/15/page_detail_1_20231215A01.html"
    text = f'<a href="http://报纸.example/{name}">A01</a>'
    assert read_edition(text, "http://xn--4ruw83d.example/page_list_20231215.html").pages
