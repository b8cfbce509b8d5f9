"""Whether an answer still is the article that is held, says that it is gone, or tells nothing.

What is not certain tells nothing: a block page, a captcha, a page that does not know whether it
ever had the article. Only what says clearly that the article was taken away counts as gone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newscrawl.extract.decoding import with_decode_errors
from newscrawl.extract.html import UNSHOWN, ReadError, parse
from newscrawl.extract.phrases import closed, notice, stock, stock_in, wall
from newscrawl.items import Article
from newscrawl.text.address import address, same_host
from newscrawl.text.sameness import Text, is_named, same_article
from newscrawl.text.shingles import plain

State = Literal["there", "gone", "unreadable"]

LONGEST_NOTICE = 400
"""Characters outside links of a page that may be a notice; a longer one is something else."""
LONGEST_BODY = 120
"""Characters of a body in the article's own place that may be a notice."""
LONGEST_NEW = 60
"""Likewise where neither an article is held that it could be told from, nor a list names one."""
WALLED = 0.8
"""Of the characters held: with more, it is no beginning alone, but an edit."""
STANDING = 1 / 2
"""Of the characters held: where that much still stands there, nothing stands in its place."""
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
    if held is None:
        return _of_new(answer, read)
    if (verdict := _of_text(read, held)) is not None:
        return verdict
    return _compared(answer, answer.article, read, held)


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
    if said := notice(lines):
        return _gone(said)
    return Verdict("unreadable", stock_in(lines) or answer.problem)


def _of_new(answer: Answer, read: Text) -> Verdict:
    """Of what is read for the first time. What the paper's list names by its headline is the
    article, and may be about such things itself.
    """
    if said := closed(read.body):
        return Verdict("unreadable", f"{_BEGINNING}: {said.strip(_PUNCTUATION)}")
    lines = [line for line in read.body.split("\n") if line]
    named = is_named(answer.label, read.headline)
    if answer.label and not named and address(answer.requested) != address(answer.url):
        return Verdict("unreadable", f"{_ANOTHER}, {answer.url}")
    noticed = LONGEST_BODY if answer.label else LONGEST_NEW
    if len(read.body) <= noticed and (said := notice(lines, whole=named)):
        return _gone(said)
    longest = LONGEST_NOTICE if answer.label else LONGEST_NEW
    if named or not lines or len(read.body) > longest:
        return THERE
    titled = [read.headline] if answer.label else []
    kind = next(filter(None, map(stock, (*titled, *lines))), "")
    return Verdict("unreadable", kind) if kind else THERE


def _of_text(read: Text, held: Text) -> Verdict | None:
    """Of what stands where a held article's text does, if that is no article."""
    lines = [line for line in (read.headline, *read.body.split("\n")) if line not in _both(held)]
    if len(read.body) > LONGEST_BODY or not any(lines) or _stands(held, read):
        return None
    if said := notice(lines):
        return _gone(said)
    kind = next(filter(None, map(stock, lines)), "")
    return Verdict("unreadable", kind) if kind else None


def _both(text: Text) -> str:
    return "\n".join(text)


def _stands(held: Text, read: Text) -> bool:
    """Whether most of a held text is still there, whatever was added to it."""
    kept = sum(len(line) for line in held.body.split("\n") if line in read.body)
    return bool(held.body) and kept >= STANDING * len(held.body)


def _gone(said: str) -> Verdict:
    return Verdict("gone", f"the page says: {said}")


def _compared(answer: Answer, article: Article, read: Text, held: Text) -> Verdict:
    """Of an article, where another or the same is held."""
    counted = with_decode_errors(article)
    if counted.decode_errors > GARBLED * max(1, counted.characters) or _has_lost(read, held):
        return Verdict("unreadable", "the wrong charset: its text cannot be read")
    before, now = len(plain(held.body)), len(plain(read.body))
    if now < WALLED * before and _is_walled(read, held):
        return Verdict("unreadable", _BEGINNING)
    same = same_article(held, read)
    short = before >= LONG_ENOUGH and now < LEAST_SHARE * before
    if short and (same or plain(answer.label) != plain(read.headline)):
        return Verdict("unreadable", f"much too short: {now} characters, {before} are held")
    if same:
        return THERE
    if address(answer.requested) != address(answer.url):
        return Verdict("unreadable", f"{_ANOTHER}, {answer.url}")
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
    said = wall("\n".join(line for line in read.body.split("\n") if line not in held.body))
    return bool(said) and said not in held.body


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
_ANOTHER = "redirected to another article"
_BEGINNING = "shows the beginning alone: the rest is behind a login"
_PUNCTUATION = "，。！!…>》〉→ \n"
