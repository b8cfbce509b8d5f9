"""Personal names in credits: which words are names, and where names without blanks part."""

from __future__ import annotations

import re

from newscrawl.extract.surnames import COMMON, COMPOUND, SINGLE
from newscrawl.text.runs import HAN

LONGEST = 60
"""Characters of a row of names without blanks; a longer one is no such row."""

NO_NAMES = re.compile(
    "(?:手记|札记|随笔|笔记|日记|观察|调查|点评|短评|快评|时评|述评|视点|视角|探访|走访|连线|热线|在线"
    "|来到|走进|为什么|怎么|体验|直击|帮忙|报道|获悉|了解|注意|看到|发现|采访|在|从|到|日前|昨|今|现场"
    "|近日|近期|连日|当[日天]|前天|[本上下]周|去年|谢谢|感谢|[您你]|请问|名单|培训|表彰).*"
    "|周[一二三四五六日末]|明[天日年]"
)
"""Words that begin so stand behind 记者 and are no names."""

ORGANISATION = re.compile(
    ".*(?:日报|晚报|快报|商报|时报|新闻|公安|分局|中心|公司|集团|医院|法院|检察院|街道|社区|发布|区委|市委"
    "|县委|大学|学院|学校|中学|小学|电视台|融圈|融媒体?|微信|宣传部|组织部|统战部|政法委|纪委|监委|团委"
    "|办公室|政府|管委会|村委会|居委会|委员会|联合会|协会|商会|工会|妇联|管理局|税务局?|海关|海事局?"
    "|[支大中]队|派出所|交警|消防|供电|[支分]行|银行|研究[院所]|博物馆|图书馆|文化馆|气象[台局])"
)
MAYBE_ORGANISATION = re.compile(".*[报社网台局圈院校部委办会站队所厅处店厂]")
"""Only where the word cannot be read as names."""


def names_in(word: str, *, alone: bool) -> list[str]:
    """The names that `word`, without blanks, consists of; empty where it is no name.

    `alone` says that blanks or punctuation set the word apart: then a word of two or three
    characters is a name even if it begins with no known surname (pen names).
    """
    if not _HAN_ONLY.fullmatch(word) or NO_NAMES.fullmatch(word) or len(word) > LONGEST:
        return []
    if "·" in word:
        return [word]
    if (len(word) >= 4 or not _has_surname(word)) and ORGANISATION.fullmatch(word):
        return []
    if len(word) <= 3 and (alone or _has_surname(word)):
        return [word] if len(word) > 1 else []
    return _parted(word) or ([word] if len(word) == 4 and _has_surname(word) else [])


def is_organisation(word: str) -> bool:
    """Whether `word`, which is no name, is where people work: 富阳微融圈."""
    return bool(_HAN_ONLY.fullmatch(word) and ORGANISATION.fullmatch(word))


def may_be_organisation(word: str) -> bool:
    """Whether `word`, which is no name, may be where people work."""
    return bool(ORGANISATION.fullmatch(word) or MAYBE_ORGANISATION.fullmatch(word))


def _has_surname(word: str) -> bool:
    return word[0] in SINGLE or word[:2] in COMPOUND


def _parted(row: str) -> list[str]:
    """The likeliest names of which `row` consists, each beginning with a surname."""
    best: list[tuple[float, list[str]] | None] = [(0.0, [])]
    for end in range(1, len(row) + 1):
        ways = []
        for start in range(max(0, end - 4), end - 1):
            before, cost = best[start], _cost(row[start:end])
            if before and cost:
                ways.append((before[0] + cost, [*before[1], row[start:end]]))
        best.append(min(ways, default=None, key=lambda way: way[0]))
    whole = best[-1]
    return whole[1] if whole else []


def _cost(name: str) -> float:
    """How unlikely a name is, 0 where it is none: most have three characters."""
    if name[:2] in COMPOUND and len(name) > 2:
        return 0.8
    if name[0] not in SINGLE or len(name) > 3:
        return 0.0
    return (1.0 if len(name) == 3 else 1.3) + (0.0 if name[0] in COMMON else 0.2)


_HAN_ONLY = re.compile(rf"[{HAN}]{{1,{LONGEST}}}(?:·[{HAN}]{{1,12}})*")
