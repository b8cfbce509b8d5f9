from __future__ import annotations

from datetime import date

import pytest

from newscrawl.query.errors import QueryError
from newscrawl.query.limits import Limits
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.tree import (
    And,
    DateRange,
    Guard,
    Named,
    Near,
    Node,
    Not,
    Or,
    Term,
    text_leaves,
)
from newscrawl.text.runs import searchable

A, B, C = Term("a"), Term("b"), Term("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b OR c", Or((And((A, B)), C))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a b) c", And((And((A, B)), C))),
        ("a AND b", And((A, B))),
        ("a\tb\n", And((A, B))),
        ("a -b", And((A, Not(B)))),
        ("NOT a b", And((Not(A), B))),
        ("-(a b)", Not(And((A, B)))),
        ("-a", Not(A)),
        ("COVID-19", Term("COVID-19")),
        ("or and not", And((Term("or"), Term("and"), Term("not")))),
        ("ORANGE ANDY NOTE", And((Term("ORANGE"), Term("ANDY"), Term("NOTE")))),
        ("a“b”(c)", And((A, B, C))),
        ('"AND"', Term("AND")),
    ],
)
def test_words_and_operators(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"a b，c"', Term("a b，c")),
        ('“他说"好"”', Term('他说"好"')),
        ('"新“时代”"', Term("新“时代”")),
        (r'"a\"b\\"', Term('a"b\\')),
        ('"（a OR b）"', Term("（a OR b）")),
        ("”a”", A),
        ('" a "', A),
        ('"new yor"*', Term("new yor", prefix=True)),
        ("临空*", Term("临空", prefix=True)),
        ("临空＊", Term("临空", prefix=True)),
    ],
)
def test_phrases_and_prefixes(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("headline:a", Term("a", "headline")),
        ("HEADLINE： a", Term("a", "headline")),
        ("ｂｏｄｙ：（a OR b）", Or((Term("a", "body"), Term("b", "body")))),
        ("headline:(a body:b)", And((Term("a", "headline"), Term("b", "body")))),
        ("source:“新华社” author:王伟", And((Term("新华社", "source"), Term("王伟", "author")))),
        ("paper:杭州日报", Named("paper", "杭州日报")),
        ("page:(A01 OR A02)", Or((Named("page", "A01"), Named("page", "A02")))),
        ("-headline:a", Not(Term("a", "headline"))),
        ("headline :a", And((Term("headline"), A))),
        ("path:a", Term("path:a")),
        ("标题：a", And((Term("标题"), A))),
    ],
)
def test_fields(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("date:2023-12-15", date(2023, 12, 15), date(2023, 12, 15)),
        ("date：２０２３-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("date:2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("date:[2023-12-01 TO 2023-12-15]", date(2023, 12, 1), date(2023, 12, 15)),
        ("date:［2023-2　TO　2024-2］", date(2023, 2, 1), date(2024, 2, 29)),
        ("date:[* TO 2023-12-15]", None, date(2023, 12, 15)),
        ("date:[2023 TO *]", date(2023, 1, 1), None),
    ],
)
def test_dates(text: str, since: date | None, until: date | None) -> None:
    assert parse(text) == DateRange(since, until)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"a b"~5', Near(("a", "b"), 5)),
        ("headline:“a　b”～５", Near(("a", "b"), 5, "headline")),
        ('"a"~5', A),
        ("a~5", Term("a~5")),
        ("莫干山!莫干山路", Guard(Term("莫干山"), (Term("莫干山路"),))),
        ("“a”！ab！“a b”", Guard(A, (Term("ab"), Term("a b")))),
        ("a!ab!a-c", Guard(A, (Term("ab"), Term("a-c")))),
        ("body:(a!ab)", Guard(Term("a", "body"), (Term("ab", "body"),))),
        ("-a!ab", Not(Guard(A, (Term("ab"),)))),
        ("加油！中国", And((Term("加油"), Term("中国")))),
        ("“加油”！中国", And((Term("加油"), Term("中国")))),
        ("a!!ab", And((A, Term("ab")))),
        ("加油！", Term("加油")),
        ("莫干山!莫干山路，a", And((Guard(Term("莫干山"), (Term("莫干山路"),)), A))),
        ("莫干山!“莫干山路”，a", And((Guard(Term("莫干山"), (Term("莫干山路"),)), A))),
        ("a!“ab”，b!“bc”c", And((Guard(A, (Term("ab"),)), Guard(B, (Term("bc"),)), C))),
        ("a!ab“c”", And((Guard(A, (Term("ab"),)), C))),
        ("“a”!", A),
        ("a，b!“b，c”!“bb”，c", And((A, Guard(B, (Term("b，c"), Term("bb"))), C))),
    ],
)
def test_near_and_guards(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a，b", And((A, B))),
        ("a，b c", And((A, B, C))),
        ("a，b OR c", Or((And((A, B)), C))),
        ("c AND a、b", And((C, A, B))),
        ("-a，b", Not(And((A, B)))),
        ("c NOT a、b", And((C, Not(And((A, B)))))),
        ("headline:a，b", And((Term("a", "headline"), Term("b", "headline")))),
        ("“a，b”，c", And((Term("a，b"), C))),
        ("《a》“b”：c！", And((A, B, C))),
        ("a …… “b”。", And((A, B))),
        ("#a# 【b】", And((A, B))),
        ("*ST股", Term("ST股")),
        ("COV*，临空*。", And((Term("COV", prefix=True), Term("临空", prefix=True)))),
        ("马克·吐温", And((Term("马克"), Term("吐温")))),
        ("临空_经济|营商", And((Term("临空"), Term("经济"), Term("营商")))),
        ("临\u200b空，\ufeff，b", And((Term("临\u200b空"), B))),
    ],
)
def test_punctuation_ends_a_run_as_a_blank_does(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19", "PM2.5", "9·11事件", "7*24小时", "5G+AI", "AT&T", "A/B股", "http://a.cn/b_c",
        "1,000", "1，000人", "8.5%", "增长50%以上", "３０℃", "8：30",
    ],
)  # fmt: skip
def test_signs_within_a_latin_word_or_number_belong_to_it(text: str) -> None:
    assert parse(text) == Term(text)
    assert parse(f"-{text}，b") == Not(And((Term(text), B)))


@pytest.mark.parametrize("text", ["a,b", "1, 2", "1、2", "50%、60", "C++", "A.", "(50%)", "-的.5"])
def test_other_signs_do_not(text: str) -> None:
    assert "-" not in show(parse(text))[1:]
    assert all(term.text.isalnum() or term.text == "50%" for term in text_leaves(parse(text)))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("王　伟", Term("王伟")),
        ("王 伟", And((Term("王"), Term("伟")))),
        ("王　 伟", And((Term("王"), Term("伟")))),
        ("王\u2003\u00a0伟", Term("王伟")),
        ("王　伟 李　娜", And((Term("王伟"), Term("李娜")))),
        ("王　伟　李　娜", Term("王伟李娜")),
        ("大王　伟", And((Term("大王"), Term("伟")))),
        ("王　伟民", And((Term("王"), Term("伟民")))),
        ("a王　伟b", Term("a王伟b")),
        ("headline:王　伟", Term("王伟", "headline")),
        ("headline：　王　伟", Term("王伟", "headline")),
        ("author:(王　伟　OR　李　娜)", Or((Term("王伟", "author"), Term("李娜", "author")))),
        ("-王　伟", Not(Term("王伟"))),
        ("王　－伟", And((Term("王"), Not(Term("伟"))))),
        ("王　伟*", Term("王伟", prefix=True)),
        ("王　伟，李　娜", And((Term("王伟"), Term("李娜")))),
        ("王　伟!王　伟　民", Guard(Term("王伟"), (Term("王伟民"),))),
        ('"王　伟 获奖"~5', Near(("王伟", "获奖"), 5)),
        ('"王　伟"~5', Term("王伟")),
        ('"王　伟"', Term("王　伟")),
        ("paper:日　报", Named("paper", "日报")),
        ("⼤　⺩", Term("⼤⺩")),
    ],
)
def test_a_wide_blank_between_characters_that_stand_alone_is_layout(text: str, tree: Node) -> None:
    assert parse(text) == tree
    assert parse(show(tree)) == tree


@pytest.mark.parametrize(
    "text", ["王　伟", "王　伟　李　娜", "大王　伟　民", "王　伟民", "a王　伟b", "王　　伟。李　娜"]
)
def test_blanks_go_from_a_query_as_from_a_text(text: str) -> None:
    runs = searchable(text).text.replace("。", " ").split()
    assert list(text_leaves(parse(text))) == [Term(run) for run in runs]


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 0, "empty"),
        (" 　\n", 0, "empty"),
        ("a (b", 2, "not closed"),
        ("a）", 1, "never opened"),
        ("a “b", 2, "quotation mark"),
        ("a ()", 3, "missing before “)”"),
        ("a AND OR b", 6, "missing before “OR”"),
        ("OR a", 0, "missing before “OR”"),
        ("NOT NOT a", 4, "missing before “NOT”"),
        ("a OR", 4, "missing at its end"),
        ("headline:", 9, "missing at its end"),
        ("，", 0, "no letter"),
        ("a OR ，。", 5, "no letter"),
        ("a -，", 3, "no letter"),
        ("a - b", 2, "no letter"),
        ("a || b", 2, "no letter"),
        ("a *", 2, "no letter"),
        ("a，的*b", 2, "2 characters"),
        ("headline:-a，b", 9, "before a field"),
        ("a !b", 2, "right behind a word"),
        ('a ""', 2, "no letter"),
        ("a 的*", 2, "2 characters"),
        ("date:昨天", 5, "no date"),
        ("date:2023-02-30", 5, "calendar"),
        ("date:2023-00", 5, "calendar"),
        ("date:[2023-12-01]", 5, "range of dates"),
        ("date:[2023 TO 2022]", 5, "before it begins"),
        ('"a b"~101', 5, "at most 100"),
        ('"a b c d e f g"~1', 0, "at most 6"),
        ('paper:"a b"~1', 6, "one whole name"),
        ("page:A0*", 5, "one whole name"),
        ("“a”!b", 0, "excludes nothing"),
        ("c，“a”!b", 2, "excludes nothing"),
        ("临空 --广告", 4, "stands once"),
        ("－－的", 1, "stands once"),
        ("NOT -的", 4, "stands once"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, position: int, reason: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(text)
    assert error.value.position == position
    assert reason in error.value.reason


def test_the_message_points_at_the_place() -> None:
    with pytest.raises(QueryError) as error:
        parse("临空经济　a (b")
    assert str(error.value).splitlines() == [
        "cannot read the query at character 8: this parenthesis is not closed",
        "  临空经济 a (b",
        "             ^",
    ]
    assert error.value.status == 2


@pytest.mark.parametrize(
    "text",
    [
        "，" * 3_000,
        '"，\n，"',
        "paper:\ud800",
        "date:" + "9" * 3_000,
        "date:\u202e\x00",
        '"a"!"\nb"',
    ],
)
def test_a_reason_is_one_short_line_that_can_be_shown(text: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(text)
    assert error.value.reason.isprintable()
    assert len(error.value.reason) < 120


def test_a_name_is_cleaned_as_the_names_of_articles_are() -> None:
    assert (
        parse("paper:杭州\ud800日报") == parse("paper:杭州日报") == Named("paper", "杭州日报\x00")
    )


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("abcd", Limits(length=3)),
        ("a b c", Limits(clauses=2)),
        ('"a b c"~3', Limits(clauses=2)),
        ("a!ab!ac", Limits(clauses=2)),
        ("a，b，c", Limits(clauses=2)),
        ("date:2023 date:2024 a", Limits(clauses=2)),
        ("((a))", Limits(depth=1)),
    ],
)
def test_limits_are_settings(text: str, limits: Limits) -> None:
    assert parse(text)
    with pytest.raises(QueryError):
        parse(text, limits)
