"""Whether an answer still is the article that is held, says that it is gone, or tells nothing.

What is not certain tells nothing: a block page, a captcha, a page that does not know whether it
ever had the article. Only what says clearly that the article was taken away counts as gone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newscrawl.extract.decoding import with_decode_errors
from newscrawl.extract.html import UNSHOWN, ReadError, parse
from newscrawl.items import Article
from newscrawl.text.address import address, same_host
from newscrawl.text.sameness import Text, same_article
from newscrawl.text.shingles import plain

State = Literal["there", "gone", "unreadable"]

LONGEST_NOTICE = 400
"""Characters outside links of a page that may be a notice; a longer one is something else."""
LONGEST_BODY = 120
"""Characters of a body in the article's own place that may be a notice."""
LONGEST_NEW = 60
"""Likewise where no article is held that it could be told from."""
LONGEST_WALL = 60
"""Characters of what says that the rest is behind a login or a payment."""
LEAST_SHARE = 1 / 5
"""Of the characters held: with less, a page is not the article cut down, but a part of it."""
LONG_ENOUGH = 100
"""Characters held from which a text is long enough to be measured by."""
GARBLED = 0.001
"""The share of undecodable characters above which a text is not read, as in the catalogue."""


class Verdict(NamedTuple):
    """What an answer says of the article that was asked for."""

    state: State
    reason: str = ""
    """In a few words; empty where the article is there."""


THERE = Verdict("there")


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer (200), and what its reader made of it."""

    requested: str
    """The address asked for."""
    url: str
    """The address that answered, after redirects."""
    text: str
    """The page, decoded."""
    article: Article | None
    problem: str = ""
    """Why it is no article."""
    label: str = ""
    """The headline by which the paper's list names what is there; empty where unknown."""


def judge_status(status: int) -> Verdict:
    """What an error status says."""
    return Verdict("gone" if status in (404, 410) else "unreadable", f"HTTP {status}")


def judge(answer: Answer, held: Text | None, fronts: Collection[str] = ()) -> Verdict:
    """What a page says of the article asked for; `held`: its text, if any is held.

    `fronts`: addresses that are a front page, beside those that look like one.
    """
    if (verdict := _redirected(answer, fronts)) is not None:
        return verdict
    if answer.article is None:
        return _of_page(answer)
    read = Text(answer.article.headline, answer.article.body)
    if (verdict := _of_text(read, held)) is not None:
        return verdict
    return THERE if held is None else _compared(answer, answer.article, read, held)


def _redirected(answer: Answer, fronts: Collection[str]) -> Verdict | None:
    """What can be said by the address alone; None where that was not left for such a one."""
    asked, final = address(answer.requested), address(answer.url)
    if asked == final:
        return None
    path = urlsplit(answer.url).path
    if _LOGIN.search(path):
        return Verdict("unreadable", f"redirected to a login page, {answer.url}")
    if final in {address(front) for front in fronts} or _is_home(answer.requested, answer.url):
        return Verdict("gone", f"redirected to a front page, {answer.url}")
    if not same_host(answer.requested, answer.url):
        return Verdict("unreadable", f"redirected to another host, {answer.url}")
    return None


def _is_home(asked: str, final: str) -> bool:
    """Whether `final` is the front page of the site of `asked`, or of a folder that it is in."""
    folder = _INDEX.sub("", urlsplit(final).path) or "/"
    if urlsplit(final).query or not folder.endswith("/"):
        return False
    if same_host(asked, final):
        return urlsplit(asked).path.startswith(folder)
    return folder == "/" and _house(asked) == _house(final) != []


def _house(url: str) -> list[str]:
    """`news.example` of `epaper.news.example`, `news.com.cn` of `www.news.com.cn`."""
    parts = (urlsplit(url).hostname or "").split(".")
    own = 3 if len(parts) > 1 and parts[-2] in _SHARED else 2
    return parts[-own:] if len(parts) >= own and not parts[-1].isdigit() else []


def _of_page(answer: Answer) -> Verdict:
    """Of a page that is no article."""
    try:
        lines = list(_lines(parse(answer.text, answer.url)))
    except ReadError as error:
        return Verdict("unreadable", str(error))
    if sum(map(len, lines)) > LONGEST_NOTICE:
        return Verdict("unreadable", answer.problem)
    if said := _notice(lines):
        return Verdict("gone", f"the page says: {said}")
    kinds = (kind for kind, stock in _STOCK.items() if any(map(stock.search, lines)))
    return Verdict("unreadable", next(kinds, answer.problem))


def _of_text(read: Text, held: Text | None) -> Verdict | None:
    """Of what stands where an article's text does, if that is no article."""
    longest = LONGEST_NEW if held is None else LONGEST_BODY
    lines = read.body.split("\n")
    if held is not None:
        lines = [line for line in (read.headline, *lines) if line not in "\n".join(held)]
    if len(read.body) > longest or not any(lines):
        return None
    if said := _notice(lines):
        return Verdict("gone", f"the page says: {said}")
    for kind, stock in _STOCK.items():
        if any(stock.match(_GREETING.sub("", line)) for line in lines):
            return Verdict("unreadable", kind)
    return None


def _compared(answer: Answer, article: Article, read: Text, held: Text) -> Verdict:
    """Of an article, where another or the same is held."""
    counted = with_decode_errors(article)
    if counted.decode_errors > GARBLED * max(1, counted.characters) or _has_lost(read, held):
        return Verdict("unreadable", "the wrong charset: its text cannot be read")
    before, now = len(plain(held.body)), len(plain(read.body))
    if now < before and _is_walled(read, held):
        return Verdict("unreadable", "shows the beginning alone: the rest is behind a login")
    if same_article(held, read):
        if before >= LONG_ENOUGH and now < LEAST_SHARE * before:
            return Verdict("unreadable", f"much too short: {now} characters, {before} are held")
        return THERE
    if address(answer.requested) != address(answer.url):
        return Verdict("unreadable", f"redirected to another article, {answer.url}")
    if plain(answer.label) in ("", plain(read.headline)):
        return THERE
    if plain(answer.label) == plain(held.headline):
        return Verdict("unreadable", "another text than the one that the paper's list names")
    return THERE


def _has_lost(read: Text, held: Text) -> bool:
    """Whether a Chinese text is none any more: its bytes were read as something else."""
    before, now = (len(_HAN.findall(text.body)) / max(1, len(text.body)) for text in (held, read))
    return before > 1 / 2 and now < 1 / 10 and bool(read.body)


def _is_walled(read: Text, held: Text) -> bool:
    """Whether a text says, where the held one does not, that its rest is for members."""
    lines = read.body.split("\n")
    short = [line for line in lines if len(line) <= LONGEST_WALL and line not in held.body]
    said = (_WALL.search(piece) for piece in (*short, read.body[-LONGEST_WALL:]))
    return any(each and each[0] not in held.body for each in said)


def _notice(lines: Collection[str]) -> str:
    """The sentence that says that the article was taken away, if nothing there leaves it open."""
    if any(_OPEN.search(line) for line in lines):
        return ""
    found = (_WITHDRAWN.match(_GREETING.sub("", line)) for line in lines)
    return next((each[0] for each in found if each), "")


def _lines(root: HtmlElement) -> Iterator[str]:
    """Every piece of text that is shown and no link."""
    for element in root.iter():
        if element.tag not in _NO_TEXT and element.text and (text := element.text.strip()):
            yield " ".join(text.split())
        if element.tail and (text := element.tail.strip()):
            yield " ".join(text.split())


_NO_TEXT = UNSHOWN | {"a", "option", "button"}
_INDEX = re.compile(r"(?<=/)(?:index|default|home)\.\w{2,5}$", re.IGNORECASE)
_SHARED = frozenset({"com", "net", "org", "gov", "edu", "ac"})
"""What stands before the country in domains that belong to nobody: `com.cn`."""
_LOGIN = re.compile(r"log-?in|sign-?in|passport|\bsso\b", re.IGNORECASE)
_HAN = re.compile("[\u4e00-\u9fff]")
_GREETING = re.compile(
    r"^(?:提示|温馨提示|系统提示|您好|你好|对不起|(?:非常|很|十分)?抱歉|亲爱的(?:用户|读者)|[您你]的)[，,！!：:\s]*"
)
_WITHDRAWN = re.compile(
    r"(?:(?:根据|依据|按照?|应|因|由于|鉴于|经)[^，。！!；;：:“”\"]{1,20}，)?"
    r"[^，。！!；;：:“”\"]{0,10}"
    r"(?:文章|稿件|内容|新闻|报道|信息|图文|页面|网页|本文|该文|此文|本稿|该稿|原文)"
    r"(?:(?:因|由于|应)[^，。！!；;：:“”\"]{1,20}，)?"
    r"[^，。！!；;：:“”\"]{0,8}?(?:已经?|已?被)[^，。！!；;：:“”\"]{0,20}?"
    r"(?:删除|撤下|撤回|撤稿|撤除|下线|下架|移除)(?!了?(?:部分|个别|一些|其中|相关))"
)
"""The reason may come first, or between: `根据作者要求，本文已撤稿`."""
_WALL = re.compile(
    r"(?:登录|登陆|注册|订阅|购买|付费|开通|打开|下载|扫码)[^。！!？?\n]{0,16}(?:阅读|查看|浏览|解锁)"
    r"|(?:本文|本内容|此文|该文|全文|以下|剩余|余下)[^。！!？?\n]{0,8}(?:付费|会员|订户)"
    r"|试读(?:已经?)?结束"
)
_OPEN = re.compile(
    r"不存在|找不到|未找到|无法找到|可能|也许|(?:或|或者)(?:已|被)|失效|404|not found",
    re.IGNORECASE,
)
"""Who says so does not know whether the article was ever there."""
_STOCK: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(phrases, re.IGNORECASE)
    for kind, phrases in {
        "a captcha": (
            r"请.{0,8}(?:输入|完成|点击|拖动|滑动|通过).{0,14}(?:验证|滑块|拼图)"
            r"|(?:人机|安全|滑动|访问)验证|访问(?:过于|太过)?频繁"
            r"|just a moment|checking your browser|attention required|captcha"
        ),
        "a login page": r"请您?先?登录|登录后(?:方可|才能|即可|可)?(?:查看|阅读)|(?:用户|会员)登录",
        "a block page": (
            r"访问被(?:拒绝|拦截|阻断|限制)|access denied|forbidden"
            r"|(?:您的)?(?:IP|请求).{0,12}(?:拦截|限制|封禁)"
        ),
        "a page that says there is none (soft 404)": (
            r"(?:[您你].{1,5}的)?(?:页面|网页|文章|内容|信息|链接).{0,6}(?:不存在|找不到|未找到)"
            r"|404(?: not found|错误|$)|not found|.{0,8}可能已被?(?:删除|移除)"
        ),
        "a page of a site that is out of order": (
            r"系统(?:繁忙|维护|升级|出错)|网站(?:维护|升级|正在)|服务器?(?:繁忙|不可用|错误|出错)"
            r"|service unavailable|bad gateway"
        ),
        "the wrong charset: its text cannot be read": r".{0,40}(?:锟斤拷|烫烫烫)",
    }.items()
}
"""What sites put in the place of a page, by what it is; as it begins."""
