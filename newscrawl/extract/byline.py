"""记者 and 通讯员 whom a text names as its authors, never those of whom it tells.

A credit is a paragraph, a parenthesis, the end of a paragraph or what stands between 本报讯 and
its first sentence, if it consists of nothing but roles and names. “记者3日从市规划局获悉” is
therefore none, wherever it stands. A photographer is no author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from newscrawl.extract.names import is_organisation, may_be_organisation, names_in
from newscrawl.text.runs import HAN

LONGEST = 150
"""Characters of a credit."""

LONGEST_DATELINE = 40
"""Characters of 新华社北京11月20日电."""


@dataclass(frozen=True, slots=True)
class Byline:
    """Names in printed order, each once; a correspondent may be an organisation."""

    reporters: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()


class _Role(Enum):
    REPORTER = "记者"
    CORRESPONDENT = "通讯员"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class _Credit:
    role: _Role
    name: str
    person: bool = True


def read_byline(paragraphs: Sequence[str]) -> Byline:
    """The authors that the credits among `paragraphs` name; captions are not for this reader."""
    credits_ = [each for paragraph in paragraphs for each in _credits_of(paragraph)]
    return Byline(_with(_Role.REPORTER, credits_), _with(_Role.CORRESPONDENT, credits_))


def _with(role: _Role, found: Iterable[_Credit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(credit.name for credit in found if credit.role is role))


def _credits_of(paragraph: str) -> list[_Credit]:
    if not _SOMEONE.search(paragraph):
        return []
    return next(filter(None, map(_read, _places(paragraph.strip()))), [])


def _places(paragraph: str) -> Iterator[str]:
    """Where in a paragraph a credit may stand, likeliest first."""
    if len(paragraph) <= LONGEST and not _ASKED.match(paragraph):
        yield _BRACKETS.sub("", paragraph)
    if match := _LEAD.match(paragraph) or _REPORTED.match(paragraph):
        yield match[1]
    if match := _BEFORE_SENTENCE.match(paragraph):
        words = match[1].split()
        yield from (" ".join(words[:end]) for end in range(len(words), 0, -1))
    end = paragraph[-LONGEST:]
    if match := _IN_BRACKETS_AT_END.search(end):
        yield match[1]
    if match := _AFTER_SENTENCE_AT_END.search(end):
        yield match[1]


def _read(text: str) -> list[_Credit]:
    """The credits of which `text` consists; none if there is anything else in it."""
    before, *rest = _ROLE.split(_BULLETS.sub("", _GIVEN.sub("", text)))
    if not _EMPLOYER.fullmatch(before[:LONGEST_DATELINE].strip()):
        return []
    found: list[_Credit] = []
    for title, words in zip(rest[::2], rest[1::2], strict=True):
        credited = _people(_role_of(title), words)
        if credited is None:
            return []
        found.extend(credited)
    return found


def _role_of(title: str) -> _Role:
    if title[0] in "图摄供":
        return _Role.OTHER
    return next((role for role in _Role if role.value and title.endswith(role.value)), _Role.OTHER)


def _people(role: _Role, text: str) -> list[_Credit] | None:
    """Those named behind a role; None if `text` is not only names.

    An organisation is credited where it stands for its correspondents: where none is named.
    """
    glued = not _APART.match(text)
    found: list[_Credit] = []
    written = 0
    for word in _words(_DONE.sub(r" \g<0>", text)):
        if _WRITTEN.fullmatch(word):
            written = len(found)
        elif _PICTURED.fullmatch(word):
            del found[written:]
        elif _EMPLOYER.fullmatch(word):
            continue
        elif names := names_in(word, alone=not glued):
            found.extend(_Credit(role, name) for name in names)
        elif may_be_organisation(word):
            role = role if role is _Role.CORRESPONDENT else _Role.OTHER
            if is_organisation(word):
                found.append(_Credit(role, word, person=False))
        else:
            return None
        glued = False
    return [credit for credit in found if credit.person] or found


def _words(text: str) -> Iterator[str]:
    """The words of a row of names; single characters in a row are one word: 王　伟."""
    single = ""
    for word in filter(None, _APART.split(text)):
        if len(word) == 1 and not _MARK.fullmatch(word):
            single += word
            continue
        if single:
            yield single
            single = ""
        yield word
    if single:
        yield single


_SOMEONE = re.compile("记者|通讯员")
_ROLE = re.compile(
    r"((?:(?<![/、])(?:文字?|图片?|摄影?)\s*[/丨｜|:：]\s*|(?:文字|图片|摄影)\s+)?"
    "(?:(?:文字|图片|摄影)?记者|(?:特约)?通讯员)"
    rf"|(?<![/、{HAN}])(?:图片?|摄影?|供图)\s*[/丨｜|:：]\s*(?=[{HAN}]{{2}})"
    rf"|(?<![{HAN}])(?:摄影|供图)(?!报道)\s*(?!记者|通讯员)(?=[{HAN}]{{2,4}}(?![\s/]*文))"
    rf"|(?<![{HAN}])(?:海报设计|海报|设计|剪辑|审核)"
    "|实习生|培训生|见习生|责任编辑|责编|编辑|校对|策划|统筹|制图|插图|漫画|视频)"
)
_EMPLOYER = re.compile(
    rf"(?:(?:文[/、][图摄]影?|图[/、]文|本[报网台刊社]|首席|资深|见习|实习|特派|特约|全媒体|融媒体?|新华社|中新社"
    rf"|央[视广]|总台|潮新闻|驻[{HAN}]{{1,4}}"
    rf"|[{HAN}]{{2,8}}(?:[日晚快商时周晨早]报|新闻网?|传媒|客户端|互动|通讯社|电视台|之声|频道))[\s·/|丨｜:：]*)*+"
)
"""What may stand before 记者: nothing, or whose reporter it is."""
_APART = re.compile(r"[\s、，,；;:：/|丨｜]+")
_DONE = re.compile(
    rf"(?:(?:综合|联合|摄影|图文|现场)?报道|采写|整理|编译|撰文|供稿|供图|摄影?)(?![{HAN}])|文(?=[/、][图摄])"
)
"""What those named have done; no blank need stand before it."""
_GIVEN = re.compile(
    r"(?:(?:图片?|照片|视频)[\s/|丨｜:：由]*)?"
    "(?:受访者|采访对象|受访单位|主办方|校方|院方|网友|读者|资料)(?:供图|提供|图片?)"
)
"""Whence pictures are, if from nobody whom it names."""
_WRITTEN = re.compile("文|文图|文字|撰文|(?:综合|联合|摄影|图文|现场)?报道|整理|采写|编译|供稿")
_PICTURED = re.compile("图|摄|摄影|供图|制图")
_MARK = re.compile("[文图摄]")
_BULLETS = re.compile(r"^[\s□■●◎▲△◆◇★☆○※◢◣◤◥*—–-]+|[\s。]+$")
_BRACKETS = re.compile(r"^\s*[（(【\[]+|[)）】\]]+\s*$")
_ASKED = re.compile(r"记者\s*[:：].*[。！？]$")
"""A question of an interview: 记者：谢谢。"""
_LEAD = re.compile(
    rf"(?:[^（(，。！？]{{0,{LONGEST_DATELINE}}}(?:[讯电]|消息))?\s*[（(]([^（()）]{{2,{LONGEST}}})[)）]"
)
_REPORTED = re.compile(
    rf"[^（(，。！？]{{0,{LONGEST_DATELINE}}}?[讯电][\s:：]*([^（(，。！？]{{2,60}})报道"
)
_BEFORE_SENTENCE = re.compile(
    rf"(?:本[报网台刊社]|[{HAN}]{{2,6}}[社网报])[^（(，。！？\s]{{0,20}}?(?:[讯电]|消息)[\s:：]*"
    r"((?:[^\s（(，。！？：；“”…]{1,20}\s+){1,12})"
)
_IN_BRACKETS_AT_END = re.compile(rf"[（(]([^（()）]{{2,{LONGEST}}})[)）]\s*$")
_AFTER_SENTENCE_AT_END = re.compile(
    r"[。！？”…]\s*((?:本报|新华社)?(?:记者|通讯员)[\s:：][^。！？]{2,80})$"
)
