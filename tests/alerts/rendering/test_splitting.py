from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.alerts.message import Item, Message
from newscrawl.alerts.rendering.dialects import DIALECTS
from newscrawl.alerts.rendering.splitting import (
    divided,
    in_bytes,
    in_characters,
    in_escaped,
    packed,
    parts,
)
from newscrawl.query.highlight import Passage
from tests.alerts.messages import ITEM, item, message
from tests.alerts.rendering.test_inert import NASTY, nasty_passages

MEASURES = [in_bytes, in_characters, in_escaped]
LONG = st.one_of(NASTY, st.integers(100, 700).map(lambda count: "杭州" * count))
LINKS = st.sampled_from(["", "https://news.example.org/s/1", "https://a.example/" + "x" * 300])


@st.composite
def items(draw):
    return Item(
        headline=draw(nasty_passages()),
        paper=draw(NASTY),
        page=draw(NASTY),
        time=draw(NASTY),
        passage=draw(st.one_of(nasty_passages(), LONG.map(Passage))),
        snapshot=draw(LINKS),
        original=draw(LINKS),
        kind=draw(st.sampled_from(["new", "edited", "reprint"])),
        also=tuple(draw(st.lists(NASTY, max_size=3))),
    )


@st.composite
def messages(draw):
    return Message(
        key="k",
        subscription=draw(NASTY),
        query=draw(LONG),
        items=tuple(draw(st.lists(items(), min_size=1, max_size=12))),
        language=draw(st.sampled_from(["zh", "en"])),
        unsubscribe=draw(LINKS),
        feed=draw(LINKS),
    )


@settings(deadline=None)
@given(
    messages(),
    st.sampled_from(sorted(DIALECTS)),
    st.one_of(st.integers(200, 800), st.just(2_048), st.just(20_000)),
    st.sampled_from(MEASURES),
)
def test_every_part_is_within_the_limit_and_none_is_empty(one, name, limit, measure):
    made = parts(one, DIALECTS[name], limit, measure)
    for part in made:
        assert measure(part.title + DIALECTS[name].newline + part.body) <= limit
        assert part.body
        assert "\n" not in part.title
    assert len(made) <= len(one.items) + 1
    assert len({part.title for part in made}) == len(made)


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(250, 3_000))
def test_every_article_is_in_one_part_in_order(count, limit):
    many = message(*(item(f"第{number}条。", "文" * (number * 7 % 90)) for number in range(count)))
    bodies = [part.body for part in parts(many, DIALECTS["plain"], limit, in_bytes)]
    whole = "\n\n".join(bodies)
    places = [whole.index(f"■ 第{number}条。") for number in range(count)]
    assert places == sorted(places)
    assert whole.count("■") == count


@settings(deadline=None)
@given(
    messages(),
    st.sampled_from(sorted(DIALECTS)),
    st.integers(300, 2_048),
    st.sampled_from(MEASURES),
    st.integers(1, 4),
)
def test_no_more_parts_than_may_be_and_the_last_says_what_is_left_out(
    one, name, limit, measure, at_most
):
    one = replace(one, items=tuple(replace(each, number=n) for n, each in enumerate(one.items)))
    whole = parts(one, DIALECTS[name], limit, measure)
    made = parts(one, DIALECTS[name], limit, measure, at_most)
    assert len(made) == min(len(whole), at_most)
    numbers = [number for part in made for number in part.numbers]
    assert numbers == list(range(len(numbers)))
    for part in made:
        assert part.body
        assert measure(part.title + DIALECTS[name].newline + part.body) <= limit
    left = "没有列出" if one.language == "zh" else "more not listed"
    if len(whole) <= at_most:
        assert made == whole
    elif len(numbers) == len(one.items):
        assert all(left not in part.body for part in made)
    else:
        said = {"zh": "另有 {} 篇没有列出", "en": "{} more not listed"}[one.language]
        assert said.format(len(one.items) - len(numbers)) in made[-1].body


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "另有 34 篇没有列出，最新的见订阅源 https://news.example.org/f/CANARY-FEED\n\n检索"),
        ({"feed": ""}, "另有 34 篇没有列出，可用 newscrawl search 检索\n\n检索"),
        (
            {"language": "en"},
            "34 more not listed; the newest are here: Feed https://news.example.org",
        ),
        (
            {"language": "en", "feed": ""},
            "34 more not listed; newscrawl search finds them\n\nQuery",
        ),
    ],
)
def test_what_is_left_out_is_one_line_with_where_it_is_read(more, said):
    many = message(*(item(f"第{number}条", number=number) for number in range(40)), **more)
    made = parts(many, DIALECTS["plain"], 1_000, in_bytes, 3)
    assert len(made) == 3
    assert all(part.numbers for part in made)
    told = sum(len(part.numbers) for part in made)
    body = made[-1].body
    assert said.replace("34", f"{40 - told}") in body
    assert body.count("FEED") == ("feed" not in more)
    assert "CANARY-UNSUBSCRIBE" in body
    assert "40" in made[0].title


def test_where_there_is_little_room_what_is_left_out_is_a_number_alone():
    many = message(*(item(f"第{number}条", number=number) for number in range(40)))
    many = replace(many, feed="https://news.example.org/" + "f" * 90, unsubscribe="", query="")
    first, last = parts(many, DIALECTS["plain"], 140, in_bytes, 2)
    assert (first.numbers, last.numbers) == ((0,), (1,))
    assert last.body.startswith("■ 第1条")
    assert last.body.endswith("\n\n另有 38 篇没有列出")


@settings(deadline=None)
@given(st.integers(400, 1_200), st.sets(st.integers(1, 40)), st.booleans())
def test_what_was_left_out_before_is_left_out_again(limit, gone, grown):
    made = [item(f"第{n}条。", "文" * (n * 7 % 60), number=n) for n in range(1, 41)]
    before = parts(message(*made), DIALECTS["plain"], limit, in_bytes, 3)
    division = tuple(part.numbers for part in before)
    listed = {number for part in division for number in part}
    also = ("都市快报", "宁波日报", "温州日报") if grown else ()
    left = [replace(each, also=also) for each in made if each.number not in gone]
    again = replace(message(division=division), items=tuple(left))
    now = parts(again, DIALECTS["plain"], limit, in_bytes, 3)
    assert [part.numbers for part in now] == list(division)
    for part, numbers in zip(now, division, strict=True):
        assert measure_of(part) <= limit
        told = [number for number in range(1, 41) if f"■ 第{number}条" in part.body]
        assert told == [number for number in numbers if number not in gone]
    rest = sum(each.number not in listed for each in left)
    assert ("没有列出" in now[-1].body) == bool(rest)
    if rest:
        assert f"另有 {rest} 篇没有列出" in now[-1].body
    if not gone and not grown:
        assert now == before


def test_a_message_of_nothing_has_no_parts():
    empty = replace(message(), items=(), query="", feed="", unsubscribe="")
    assert parts(empty, DIALECTS["plain"], 1_000, in_bytes, 5) == []


def test_parts_are_numbered_and_one_alone_is_not():
    many = message(*[ITEM] * 8)
    titles = [part.title for part in parts(many, DIALECTS["plain"], 1_000, in_bytes)]
    assert titles == ["临空：8 篇（1/3）", "临空：8 篇（2/3）", "临空：8 篇（3/3）"]
    (part,) = parts(many, DIALECTS["plain"], 20_000, in_bytes)
    assert part.title == "临空：8 篇"


def test_an_article_that_is_too_long_is_cut_about_its_mark():
    long = replace(ITEM, passage=Passage("前" * 900 + "临空" + "后" * 900, ((900, 902),)))
    alone = message(long, query="", feed="", unsubscribe="")
    (part,) = parts(alone, DIALECTS["plain"], 1_000, in_bytes)
    assert "…前" in part.body
    assert "【临空】后" in part.body
    assert "后…\n" in part.body
    assert "快照 https://news.example.org/s/1" in part.body
    assert in_bytes(part.title + "\n" + part.body) > 950


def test_html_is_never_cut_inside_of_a_tag_or_an_entity():
    long = replace(ITEM, headline=Passage('"' * 400, ((0, 400),)), passage=Passage('"' * 900))
    for limit in range(200, 900, 7):
        for part in parts(message(long), DIALECTS["html"], limit, in_bytes):
            assert part.body.count("<b>") == part.body.count("</b>")
            assert part.body.count("&") == part.body.count("&quot;") + part.body.count("&amp;")


@pytest.mark.parametrize(
    ("text", "sizes"), [("杭a", (4, 2, 7)), ("𠮷", (4, 2, 12)), ('"\n', (2, 2, 4)), ("", (0, 0, 0))]
)
def test_what_is_measured(text, sizes):
    assert tuple(measure(text) for measure in MEASURES) == sizes


@given(st.lists(st.integers(1, 30), max_size=30), st.integers(1, 40), st.integers(0, 3))
def test_packing_keeps_order_and_the_room(sizes, room, gap):
    groups = packed(sizes, room, gap)
    assert [place for group in groups for place in group] == list(range(len(sizes)))
    for group in groups:
        used = sum(sizes[place] for place in group) + gap * (len(group) - 1)
        assert used <= room or len(group) == 1


def test_a_message_is_divided_between_articles():
    many = message(*[ITEM] * 5)
    made = divided(many, lambda one: 10 * len(one.items), 25)
    assert [len(part.items) for part in made] == [2, 2, 1]
    assert {part.key for part in made} == {many.key}
    assert divided(many, lambda one: 10, 1_000) == [many]


@settings(deadline=None)
@given(st.integers(2, 12), st.integers(300, 900), st.sets(st.integers(1, 12)), st.data())
def test_what_was_divided_before_stays_divided_so_whatever_has_changed(count, limit, gone, data):
    made = [
        item(f"第{number}条。", "文" * (number * 7 % 60), number=number)
        for number in range(1, count + 1)
    ]
    before = parts(message(*made), DIALECTS["plain"], limit, in_bytes)
    division = tuple(part.numbers for part in before)
    assert [number for part in division for number in part] == [each.number for each in made]
    also = st.lists(st.sampled_from(["都市快报", "宁波日报", "温州日报"]), max_size=3)
    grown = [
        replace(each, also=tuple(data.draw(also)), original="")
        for each in made
        if each.number not in gone
    ]
    now = parts(message(*grown, division=division), DIALECTS["plain"], limit, in_bytes)
    assert len(now) == len(before)
    for part, numbers in zip(now, division, strict=True):
        assert measure_of(part) <= limit
        told = [number for number in range(1, count + 1) if f"■ 第{number}条" in part.body]
        assert told == [number for number in numbers if number not in gone]


def measure_of(part):
    return in_bytes(f"{part.title}\n{part.body}")


def test_a_message_that_was_divided_is_divided_so_again():
    many = message(*(item(number=number) for number in (1, 2, 4)), division=((1, 2), (3,), (4,)))
    made = divided(many, lambda one: 1, 1_000)
    assert [[each.number for each in part.items] for part in made] == [[1, 2], [], [4]]


def test_a_limit_that_nothing_fits_into_is_told():
    with pytest.raises(ValueError, match="no article fits"):
        parts(message(), DIALECTS["plain"], 10, in_bytes)
