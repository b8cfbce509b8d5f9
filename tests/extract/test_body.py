import pytest

from newscrawl.extract.body import Body, read_body
from newscrawl.extract.html import ReadError, parse
from newscrawl.items import Image

URL = "https://hzdaily.example/hzrb/2023/12/15/article_detail_1_20231215A011.html"
FOLDER = "https://hzdaily.example/hzrb/2023/12/15/"


def read(markup: str) -> Body:
    return read_body(next(parse(f"<div>{markup}</div>", URL).iter("div")), URL)


@pytest.mark.parametrize(
    ("markup", "paragraphs"),
    [
        ("<p>一</p><p>　　二</p><p> &nbsp;　</p>", ["一", "二"]),
        ("　　裸文<p>一</p>尾", ["裸文", "一", "尾"]),
        ("<p>一<br>二<br/>三</p>", ["一\n二\n三"]),
        ("<p>　　一<br>　　二<br>三</p>", ["一", "二\n三"]),
        ("<p>一<br><br>二</p>", ["一", "二"]),
        ("一<br>&nbsp;&nbsp;&nbsp;&nbsp;二", ["一", "二"]),
        ("<p>杭州\n   临空 <b>经济</b></p>", ["杭州临空 经济"]),
        ("<p>open\nsource</p>", ["open source"]),
        ("<p>　　一\n　　二</p>", ["一", "二"]),
        ("<h4>小标题</h4><ul><li>甲</li><li>乙<p>丙</p></li></ul>", ["小标题", "甲", "乙", "丙"]),
        ("<section><span>甲</span><font>乙</font><founder-x>丙</founder-x></section>", ["甲乙丙"]),
        ("<p>A<script>x</script><style>y</style><noscript>z</noscript>B</p>", ["AB"]),
        ("<center>（下转A02版）</center>", ["（下转A02版）"]),
    ],
)
def test_text_blocks(markup: str, paragraphs: list[str]) -> None:
    assert read(markup).paragraphs == paragraphs


def test_a_table_gives_a_paragraph_a_row() -> None:
    markup = "<table><thead><tr><th>线路</th><th>末班</th></tr></thead><tr><td>19号线</td><td>22:30"
    assert read(markup).paragraphs == ["线路 末班", "19号线 22:30"]


def test_a_table_for_layout_is_no_table() -> None:
    markup = "<table><tr><td><p>一</p><p>二</p></td><td><table><tr><td>三<td>四</table></table>"
    assert read(markup).paragraphs == ["一", "二", "三 四"]


@pytest.mark.parametrize(
    "markup",
    [
        '<figure><img src="1.jpg"/><figcaption>图说</figcaption></figure>',
        '<div class="pic"><img src="1.jpg"/><p class="caption">图说</p></div>',
        '<p><img src="1.jpg"></p><p class="pic-text">图说</p>',
        '<p><img src="1.jpg"></p>\n<div class="imgCaption">图<br>说</div>',
        '<div class="pic"><img src="1.jpg">图说</div>',
        '<p><img src="1.jpg" alt="图说"></p>',
        '<p><img src="1.jpg" title="图说"></p>',
        '<img src="1.jpg" alt="另有"><p class="caption">图说</p>',
    ],
)
def test_a_caption_belongs_to_its_picture(markup: str) -> None:
    body = read(f"<p>前</p>{markup}<p>后</p>")
    assert body.paragraphs == ["前", "后"]
    assert [image.url for image in body.images] == [FOLDER + "1.jpg"]
    assert body.images[0].caption.replace("\n", "") == "图说"


def test_a_caption_without_picture_is_text() -> None:
    assert read('<p class="caption">图说</p>').paragraphs == ["图说"]


def test_only_what_follows_at_once_is_a_caption() -> None:
    body = read('<img src="1.jpg"><p>正文</p><p class="caption">不是图说</p>')
    assert body == Body(["正文", "不是图说"], [Image(FOLDER + "1.jpg")])


def test_an_article_inside_a_picture_class_stays_text() -> None:
    body = read('<div class="pic-article"><img src="1.jpg"><p>一</p><p>二</p></div>')
    assert body.paragraphs == ["一", "二"]
    assert read('<div class="topic"><img src="1.jpg"><p>一</p></div>').paragraphs == ["一"]


def test_every_picture_has_its_own_caption() -> None:
    figure = '<figure><img src="{0}.jpg"><figcaption>图{0}</figcaption></figure>'
    images = read("".join(figure.format(number) for number in (1, 2))).images
    assert [image.caption for image in images] == ["图1", "图2"]


def test_pictures_that_scripts_load_are_found_once() -> None:
    markup = (
        '<img src="data:image/gif;base64,R0" data-src="1.jpg"><img src="1.jpg">'
        '<img data-original="/2.jpg" src="blank.gif"><img><img src="javascript:x">'
    )
    urls = [image.url for image in read(markup).images]
    assert urls == [FOLDER + "1.jpg", "https://hzdaily.example/2.jpg"]


@pytest.mark.parametrize("tag", ["span", "div", 'figure class="pic"'])
def test_a10_deep_nesting_is_refused(tag: str) -> None:
    with pytest.raises(ReadError, match="inside one another"):
        read(f"<{tag}>" * 200 + "底")
