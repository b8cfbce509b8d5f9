"""What sites put in the place of an article, or behind its beginning, in their own words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from newscrawl.text.fold import fold

LONGEST_WALL = 60
"""Characters of what says that the rest is behind a login or a payment."""


def notice(lines: Collection[str], *, whole: bool = False) -> str:
    """The sentence that says that the article was taken away, if nothing there leaves it open.

    `whole`: nothing else is said in its line, but what to do now.
    """
    if any(_OPEN.search(line) for line in lines):
        return ""
    for line in lines:
        told = _simplified(line)
        found = _WITHDRAWN.match(told, _after_greeting(told))
        if found and not (whole and _more(told[found.end() :])):
            return line[found.start() : found.end()]
    return ""


def stock(line: str) -> str:
    """What kind of a page begins a line so; empty for a line of an article."""
    told = _simplified(line)
    start = _after_greeting(told)
    return next((kind for kind, phrases in _STOCK.items() if phrases.match(told, start)), "")


def stock_in(lines: Collection[str]) -> str:
    """What kind of a page has such words anywhere."""
    told = [_simplified(line) for line in lines]
    return next((kind for kind, phrases in _STOCK.items() if any(map(phrases.search, told))), "")


def wall(text: str) -> str:
    """What says, in a short line or at the end of a text, that its rest is for members, somewhere
    else, or both; empty where nothing does. Articles end so as well, which have no rest.
    """
    return _found(_WALL, text)


def closed(text: str) -> str:
    """The same where it can be said of nothing but the page itself."""
    return _found(_CLOSED, text)


def _found(phrases: re.Pattern[str], text: str) -> str:
    lines = [line for line in text.split("\n") if len(line) <= LONGEST_WALL]
    for piece in (*lines, text[-LONGEST_WALL:]):
        if said := phrases.search(_simplified(piece)):
            return piece[said.start() : said.end()]
    return ""


def _after_greeting(line: str) -> int:
    """Where a line begins behind what politeness puts before it."""
    found = _GREETING.match(line)
    return found.end() if found else 0


def _more(rest: str) -> bool:
    return bool(rest) and not _WHAT_NOW.fullmatch(rest)


def _simplified(text: str) -> str:
    """Single traditional characters as simplified ones; punctuation as it is."""
    return _HAN.sub(lambda each: fold(each[0]), text)


_HAN = re.compile("[\u3400-\u9fff]+")
_GREETING = re.compile(
    r"(?:提示|温馨提示|系统提示|您好|你好|对不起|(?:非常|很|十分)?抱歉|亲爱的(?:用户|读者)|[您你]的)[，,！!：:\s]*"
)
_WHAT_NOW = re.compile(
    r"[，。！!,.；;\s]*(?:(?:请|点击|感谢|谢谢|如有|如需|敬请|将在|页面将|\d+\s?秒|返回|不再)[^。]*[。！!]?)?"
)
_WITHDRAWN = re.compile(
    r"(?:(?:根据|依据|按照?|应|因|由于|鉴于|经)[^，。！!；;：:“”\"]{1,20}，)?"
    r"[^，。！!；;：:“”\"]{0,10}"
    r"(?:文章|稿件|内容|新闻|报道|信息|图文|页面|网页|本文|该文|此文|本稿|该稿|原文)"
    r"(?:(?:因|由于|应)[^，。！!；;：:“”\"]{1,20}，)?"
    r"[^，。！!；;：:“”\"]{0,8}?(?:已经?|已?被)[^，。！!；;：:“”\"]{0,20}?"
    r"(?:删除|撤下|撤回|撤稿|撤除|撤销|下线|下架|移除)(?!了?(?:部分|个别|一些|其中|相关))"
)
"""The reason may come first, or between: `根据作者要求，本文已撤稿`."""
_OPEN = re.compile(
    r"不存在|找不到|未找到|无法找到|可能|也许|(?:或|或者)(?:已|被)|失效|404|not found",
    re.IGNORECASE,
)
"""Who says so does not know whether the article was ever there."""
_WALL = re.compile(
    r"(?:登录|登陆|注册|订阅|购买|付费|开通|打开|下载|扫码)[^。！!？?\n]{0,16}(?:阅读|查看|浏览|解锁)"
    r"|(?:本文|本内容|此文|该文|全文|以下|剩余|余下)[^。！!？?\n]{0,8}(?:付费|会员|订户)"
    r"|试读(?:已经?)?结束"
)
_CLOSED = re.compile(
    r"(?:^|[。！!？?…\s])[请您需须先]{0,3}"
    r"(?:登录|登陆|注册|订阅|购买|付费|开通(?:VIP)?会员)(?:账[号户]|会员|本报|或|并|/|、|登录|注册|订阅|购买)*"
    r"(?:之?后)?(?:方可|才能|即可|就能|可以|可|以)?(?:继续|免费)?(?:阅读|查看|浏览|解锁)"
    r"(?:本文|剩余|余下|其余|完整|全部|更多|后续)?(?:全文|正文|内容|部分|\s?\d+\s?[%％](?:的?内容)?)[。！!…>》〉→\s]*$"
    r"|(?:^|[。！!？?…\s])(?:本文|本内容|此文|该文|全文|以下内容|以下|剩余内容|剩余|余下内容|余下)"
    r"(?:部分|\s?\d+\s?[%％](?:的?内容)?)?(?:为|是|属于?|需要?|须|仅限|仅供)(?:VIP)?(?:付费|会员|订户|订阅)"
    r"(?:用户|读者|专享|专属|可见|可读|阅读|查看|内容|文章|后)*(?:[，。！!…>》〉→\s]|$)"
    r"|(?:^|[。！!？?…\s])试读(?:已经?)?结束(?:[，。！!…\s]|$)"
)
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
"""By what it is; as it begins."""
