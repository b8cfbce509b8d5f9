"""Reprints as papers make them, out of a text: cut, edited, with another frame, with slips."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

Dice = random.Random
Text = list[str]
"""Paragraphs."""

HEADERS = (
    "新华社{city}{month}月{day}日电（记者{name}）",
    "据新华社{city}{month}月{day}日电",
    "中新社{city}{month}月{day}日电 （{name}）",
    "本报讯（记者 {name}）",
    "本报{city}{month}月{day}日讯 记者{name}报道：",
    "据央视新闻客户端消息，",
    "{city}晚报讯 ",
)
FOOTERS = (
    "（据新华社电）",
    "（本报综合报道）",
    "（来源：央视新闻）",
    "（记者{name} 通讯员{name} 编辑{name}）",
    "本文转自：{city}日报",
    "扫描二维码，看更多相关报道。",
)
LEADS = (
    "连日来，这件事引起了{city}市民的关注，不少读者给本报打来电话询问详情，记者为此作了进一步了解。",
    "昨天下午，记者从{city}有关部门了解到最新的情况，相关工作正在有序推进之中。",
)
_CITIES = ("北京", "杭州", "南京", "成都", "武汉", "广州", "西安", "哈尔滨")
_NAMES = ("林知远", "苏晓棠", "陈一鸣", "周若川", "许望舒", "何清扬")
_WORDS = {
    "今天": "昨天",
    "近日": "日前",
    "日前": "近日",
    "目前": "当前",
    "表示": "说",
    "指出": "强调",
    "强调": "指出",
    "举行": "召开",
    "开展": "进行",
    "以及": "和",
    "超过": "逾",
    "同比": "较去年同期",
    "全国": "我国",
    "我国": "全国",
    "通过": "经由",
    "已经": "已",
    "进一步": "",
    "不断": "",
    "积极": "",
}
_WORD = re.compile("|".join(_WORDS))
_SENTENCE = re.compile(r"[^。！？]+[。！？]?[”’）]*")
_BROADCAST = re.compile(r"^央视网消息（[^）]*）：")


def whole(text: Text, dice: Dice) -> Text:
    """The text, its punctuation as another house writes it."""
    table = str.maketrans(dice.choice(({"“": "「", "”": "」"}, {"，": ",", "：": ":"}, {})))
    return [paragraph.translate(table) for paragraph in _bare(text)]


def half(text: Text, _dice: Dice) -> Text:
    """The first half of its sentences."""
    return _kept(text, range((_count(text) + 1) // 2))


def most(text: Text, dice: Dice) -> Text:
    """60 % of its sentences, the first always among them."""
    every = range(1, _count(text))
    return _kept(text, {0, *dice.sample(every, round(0.6 * _count(text)) - 1 if every else 0)})


def first_paragraphs(text: Text, _dice: Dice) -> Text:
    """The first paragraph, and as many more as make a report of 80 characters."""
    taken: Text = []
    for paragraph in _bare(text):
        taken.append(paragraph)
        if sum(map(len, taken)) >= 80:
            break
    return taken


def framed(text: Text, dice: Dice) -> Text:
    """Under another house's header, often with a footer."""
    first, *rest = _bare(text)
    made = [_filled(dice.choice(HEADERS), dice) + first, *rest]
    return [*made, _filled(dice.choice(FOOTERS), dice)] if dice.random() < 0.7 else made


def led(text: Text, dice: Dice) -> Text:
    """With a paragraph of the paper's own in front."""
    return [_filled(dice.choice(LEADS), dice), *_bare(text)]


def edited(text: Text, dice: Dice) -> Text:
    """Words replaced, a clause in twelve left out."""
    return [_edited(paragraph, dice) for paragraph in text]


def slipped(text: Text, dice: Dice) -> Text:
    """One character in a hundred wrong, missing or doubled."""
    letters = "".join(text)
    return ["".join(_slip(each, letters, dice) for each in paragraph) for paragraph in text]


def mixed(text: Text, dice: Dice) -> Text:
    """Cut, edited, framed, and half of the time with slips."""
    cut = dice.choice((half, most, whole))(text, dice)
    made = framed(edited(cut, dice), dice)
    return slipped(made, dice) if dice.random() < 0.5 else made


KINDS: Mapping[str, Callable[[Text, Dice], Text]] = {
    each.__name__: each
    for each in (whole, half, most, first_paragraphs, framed, led, edited, slipped, mixed)
}


def _bare(text: Text) -> Text:
    return [_BROADCAST.sub("", text[0]), *text[1:]]


def _count(text: Text) -> int:
    return sum(len(_SENTENCE.findall(paragraph)) for paragraph in text)


def _kept(text: Text, wanted: Sequence[int] | set[int] | range) -> Text:
    """The sentences of these numbers."""
    number, made = 0, []
    for paragraph in _bare(text):
        sentences = _SENTENCE.findall(paragraph)
        kept = [each for n, each in enumerate(sentences, number) if n in wanted]
        number += len(sentences)
        if kept:
            made.append("".join(kept))
    return made


def _edited(paragraph: str, dice: Dice) -> str:
    clauses = re.split(r"(?<=，)", paragraph)
    kept = [each for n, each in enumerate(clauses) if n == 0 or dice.random() > 1 / 12]
    return _WORD.sub(
        lambda word: _WORDS[word[0]] if dice.random() < 0.5 else word[0], "".join(kept)
    )


def _slip(character: str, letters: str, dice: Dice) -> str:
    if dice.random() > 0.01:
        return character
    return dice.choice(("", character * 2, dice.choice(letters)))


def _filled(pattern: str, dice: Dice) -> str:
    while "{" in pattern:
        pattern = pattern.replace("{city}", dice.choice(_CITIES), 1)
        pattern = pattern.replace("{name}", dice.choice(_NAMES), 1)
        pattern = pattern.replace("{month}", str(dice.randint(1, 12)), 1)
        pattern = pattern.replace("{day}", str(dice.randint(1, 28)), 1)
    return pattern
