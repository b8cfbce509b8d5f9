"""What an answer says of an article: still there, gone, or nothing."""

from __future__ import annotations

import pytest

from newscrawl.extract.hangzhou import read_article
from newscrawl.extract.html import ReadError
from newscrawl.extract.withdrawal import THERE, Answer, judge, judge_status
from newscrawl.text.sameness import Text

SITE = "https://epaper.news.example"
URL = f"{SITE}/hzrb/2023/12/15/article_detail_1_20231215A012.html"
INDEX = f"{SITE}/hzrb/2023/12/15/page_list_20231215.html"
HEADLINE = "渡口今晨恢复通航"
BODY = (
    "停航三个月的临江渡口昨天清晨恢复通航，江面上薄雾未散，首班渡船载着三十四位乘客驶向对岸。\n"
    "停航期间更换了两座趸船，并加固了引桥。市民称赞出行方便，往后上班不必再绕行大桥。\n"
    "渡口负责人介绍，早晚高峰每一刻钟一班，末班船晚上七点开出，遇大雾停航会提前公告。"
)
HELD = Text(HEADLINE, BODY)


def page(body, headline=HEADLINE, frame=""):
    """A page in the paper's own layout."""
    lines = "".join(f"<p>{line}</p>" for line in body.split("\n"))
    return f"<html><body>{frame}<h1>{headline}</h1><div class=content>{lines}</div></body></html>"


def bare(*lines):
    return "<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>"


def said(text, *, held=HELD, url=URL, label="", fronts=(INDEX,)):
    try:
        article, problem = read_article(text, url), ""
    except ReadError as error:
        article, problem = None, f"{error}"
    return judge(Answer(URL, url, text, article, problem, label), held, fronts)


@pytest.mark.parametrize(
    "text",
    [
        page(BODY),
        page(BODY, frame="<div>今日 12月16日 阅读 18342</div><ul><li>相关：内容已删除</li></ul>"),
        page(BODY.replace("三十四位", "三十六位")),
        page(BODY, "临江渡口恢复通航了"),
        page(BODY.replace("，", "，内容已删除，")),
        page("\n".join(BODY.split("\n")[:1])),
    ],
    ids=["as held", "another frame", "edited", "another headline", "a mention", "cut to a third"],
)
def test_an_article_that_is_still_there(text):
    assert said(text) == THERE


@pytest.mark.parametrize(("status", "state"), [(404, "gone"), (410, "gone")])
def test_a_status_that_says_that_it_is_gone(status, state):
    assert judge_status(status) == (state, f"HTTP {status}")


@pytest.mark.parametrize("status", [400, 401, 403, 408, 429, 451, 500, 502, 503, 521])
def test_a13_a_status_that_says_nothing_of_an_article(status):
    assert judge_status(status).state == "unreadable"


@pytest.mark.parametrize(
    "url",
    [
        f"{SITE}/", f"{SITE}", f"{SITE}/index.html", f"{SITE}/hzrb/", f"{SITE}/hzrb/index.shtml",
        INDEX, "https://www.news.example/", "http://news.example/index.html",
    ],
)  # fmt: skip
def test_a_redirect_to_a_front_page_says_that_it_is_gone(url):
    assert said(bare("今日要闻"), url=url).state == "gone"


@pytest.mark.parametrize(
    "url",
    [
        "https://portal.isp.example/", "https://10.1.2.3/", f"{SITE}/login?to=1",
        f"{SITE}/passport/index.html", f"{SITE}/dskb/", f"{SITE}/error.html", f"{SITE}/?error=1",
    ],
)  # fmt: skip
def test_a13_a_redirect_to_anywhere_else_says_nothing(url):
    assert said(bare("欢迎"), url=url).state == "unreadable"


def test_a_front_page_of_a_house_in_china_is_none_of_another_in_china():
    asked, other = "https://epaper.news.com.cn/a.html", "https://www.other.com.cn/"
    assert judge(Answer(asked, other, bare("欢迎"), None), HELD).state == "unreadable"
    own = "https://www.news.com.cn/"
    assert judge(Answer(asked, own, bare("欢迎"), None), HELD).state == "gone"


NOTICES = [
    "内容已删除",
    "该内容已被删除",
    "抱歉，该文章已被发布者删除。",
    "很抱歉，您要查看的稿件因故已撤下。",
    "本文已撤稿",
    "对不起！此新闻已下线",
    "该报道已被编辑部撤回。",
    "根据作者要求，本文已撤稿",
    "该稿件因版权原因，已于2024年1月1日由编辑部撤下，不再提供阅读。",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_page_that_says_that_it_was_taken_away(notice):
    alone = said(bare("提示", notice, "<a href='/'>返回首页</a>"))
    assert alone.state == "gone"
    assert alone.reason.startswith("the page says: ")
    assert said(page(notice)).state == "gone"
    assert said(page(notice, "提示"), held=None).state == "gone"


STOCK = [
    "请输入验证码后继续访问",
    "您的访问过于频繁，请完成安全验证",
    "请先登录",
    "访问被拒绝",
    "您访问的页面不存在",
    "您访问的页面不存在或已删除",
    "抱歉，该文章可能已被删除",
    "404 Not Found",
    "系统维护中，请稍后再来",
    "Just a moment...",
    "锟斤拷锟斤拷",
]


@pytest.mark.parametrize("stock", STOCK)
def test_a13_a_page_that_stands_for_another_says_nothing(stock):
    assert said(bare(stock, "<a href='/'>返回首页</a>")).state == "unreadable"
    assert said(page(stock)).state == "unreadable"
    assert said(page(stock, stock), label=HEADLINE).state == "unreadable"
    assert said(page(stock, "提示"), held=None).state == "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        "",
        bare("今日杭州"),
        page("渡口。"),
        page("好" * 20),
        page("æ¸¡å\x8f£ä»\x8aæ\x99¨æ\x81¢å¤\x8dé\x80\x9aè\x88ª" * 8),
        page(BODY.replace("渡口", "\ufffd\ufffd")),
    ],
    ids=["empty", "no article", "too short", "far too short", "another charset", "undecodable"],
)
def test_a13_what_is_no_article_or_hardly_one_says_nothing(text):
    assert said(text).state == "unreadable"


WALLS = [
    "登录后阅读全文",
    "\n请登录后查看全文",
    "\n本内容为付费内容，订阅后可阅读全文",
    "……\n扫码下载客户端，继续阅读",
    "\n试读结束",
    "\n以下内容仅限会员",
]


@pytest.mark.parametrize("wall", WALLS)
@pytest.mark.parametrize("label", ["", HEADLINE])
def test_a13_the_beginning_of_an_article_is_no_edit_of_it(wall, label):
    assert said(page(BODY[:60] + wall), label=label).state == "unreadable"


@pytest.mark.parametrize("wall", WALLS)
def test_an_article_that_is_whole_or_was_held_so_is_there(wall):
    assert said(page(BODY + wall)) == THERE
    cut = BODY[:60] + wall
    assert said(page(cut), held=Text(HEADLINE, cut + "。")) == THERE


def test_an_article_of_which_something_was_taken_away_is_there():
    body = "应受访者要求，本文已删除部分内容。\n" + "\n".join(BODY.split("\n")[:2])
    assert said(page(body)) == THERE
    assert said(page("应受访者要求，本文已删除部分内容")).state == "unreadable"


def test_an_edit_that_adds_words_of_a_notice_to_a_short_article_is_no_withdrawal():
    held = Text("停水通知", "因管道维修，15日上午9时至下午5时，城东片区停水。")
    edited = page(f"{held.body}\n昨日发布的停水信息已撤回。", held.headline)
    assert said(edited, held=held) == THERE
    assert said(page("该信息已撤回。", held.headline), held=held).state == "gone"
    assert said(page("系统升级\n" + held.body, held.headline), held=held) == THERE


@pytest.mark.parametrize(
    "end", ["扫码阅读电子报", "登录“浙里办”查看详情", "订阅本报，每天阅读本地新闻"]
)
def test_an_edit_that_ends_in_an_invitation_is_no_beginning_alone(end):
    assert said(page(f"{BODY[:-20]}\n{end}")) == THERE
    assert said(page(f"{BODY[:60]}\n{end}")).state == "unreadable"


def test_a_notice_in_traditional_characters_is_told_as_it_is_written():
    assert said(page("很抱歉，該內容已刪除。")) == ("gone", "the page says: 該內容已刪除")


@pytest.mark.parametrize("label", ["", HEADLINE])
def test_a13_a_few_words_where_a_long_article_was_are_no_article(label):
    assert said(page("文章已过期", "提示"), label=label).state == "unreadable"
    assert said(page("更正启事请见明日本报。", "更正"), label="更正") == THERE


OTHER = page("城西社区食堂开张，老人中午十二元吃三菜一汤，周末还供应面食和点心。" * 4, "食堂开张")


def test_another_article_is_one_if_the_paper_names_it_so():
    assert said(OTHER, label="食堂开张") == THERE
    assert said(OTHER, label="") == THERE
    assert said(OTHER, label=HEADLINE).state == "unreadable"
    assert said(OTHER, url=URL.replace("A012", "A017")).state == "unreadable"


def test_a_redirect_to_the_article_elsewhere_leaves_it_there():
    elsewhere = URL.replace("A012", "A067")
    assert said(page(BODY), url=elsewhere) == THERE
    for label in ("", HEADLINE, HEADLINE[:5], "渡口已恢复通航"):
        assert said(page(BODY), held=None, url=elsewhere, label=label) == THERE


def test_a13_a_redirect_to_another_article_is_not_the_one_that_the_list_names():
    found = said(page(BODY), held=None, url=URL.replace("A012", "A067"), label="食堂开张")
    assert found.state == "unreadable"
    assert found.reason.startswith("redirected to another article")


@pytest.mark.parametrize(
    "body",
    [
        "市公安局提醒，不要把验证码告诉他人。",
        "视频平台昨日回应，相关内容已删除，涉事账号已封禁。",
        "医保系统升级，今起三日暂停线上缴费。",
        "“404号列车”昨日首发。",
    ],
)
def test_a_short_new_article_about_such_things_is_an_article(body):
    assert said(page(body, "简讯"), held=None) == THERE


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("社保业务暂停办理两天", "系统升级，今明两天暂停办理社保业务。"),
        ("涉事账号被封", "问题信息已被删除，涉事账号被封。"),
        ("登录后查看更多服务", "登录后即可查看公积金余额，市民卡中心昨日推出新服务。"),
    ],
)
def test_what_the_list_names_is_an_article_whatever_it_begins_with(headline, body):
    for label in (headline, headline[:5]):
        assert said(page(body, headline), held=None, label=label) == THERE


LOGIN = (
    "请输入用户名和密码。\n忘记密码？\n登录后即可阅读全文。还没有账号？请注册成为会员，享受更多服务，"
    "包括电子报阅读、往期回看、收藏等功能，也可以用手机扫码。"
)


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("用户登录", LOGIN),
        ("数字报", LOGIN),
        ("安全验证", "为了保护您的访问安全，" + "请完成下面的步骤后继续。" * 9),
        ("提示", "您的访问过于频繁，请输入验证码。" + "验证码在图片中，看不清可以换一张。" * 5),
        ("404", "您访问的页面不存在。" + "您可以返回首页，或者在往期报纸中查找。" * 5),
    ],
)
def test_a13_a_page_that_stands_for_another_is_none_at_the_first_reading_either(headline, body):
    assert said(page(body, headline), held=None, label=HEADLINE).state == "unreadable"


@pytest.mark.parametrize(
    "wall",
    [
        "\n登录后阅读全文",
        "\n请先登录后查看全文。",
        "……\n订阅后继续阅读剩余80%内容",
        "……购买后阅读全文>>",
        "\n本文为付费内容，订阅后阅读全文",
        "\n本文为会员专享内容",
        "\n以下内容需付费阅读",
        "……\n开通会员阅读全文",
        "\n试读结束，购买后阅读全文",
    ],
)
def test_a13_the_beginning_of_an_article_is_none_at_the_first_reading(wall):
    for label in ("", HEADLINE):
        found = said(page(BODY[:90] + wall), held=None, label=label)
        assert found.state == "unreadable"
        assert "behind a login" in found.reason


@pytest.mark.parametrize(
    "end",
    [
        "\n扫码阅读全文",
        "\n读者登录后即可阅读全文。",
        "\n登录“浙里办”即可查看全部内容",
        "\n更多内容请登录杭州网阅读",
        "\n付费阅读正在兴起，出版社纷纷试水。",
        "\n以下为会议全文。",
        "\n会议认为，知识付费内容是新的增长点",
        "\n市民可登录官网，注册后查看全文。",
    ],
)
def test_an_article_that_ends_so_is_an_article(end):
    for label in ("", HEADLINE):
        assert said(page(BODY + end), held=None, label=label) == THERE


def test_an_article_that_was_held_with_such_words_is_still_there():
    body = "内容已删除"
    assert said(page(body, "简讯"), held=Text("简讯", body)) == THERE
