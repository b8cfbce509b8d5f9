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
        ("见headline：a", And((Term("见headline"), A))),
        ("“新华社，headline:a”", Term("新华社，headline:a")),
        ("paper:《杭州日报》", Named("paper", "杭州日报")),
        ("paper:杭州日报，", Named("paper", "杭州日报")),
        ("page:要闻！", Named("page", "要闻")),
        ("page:要闻·城市。", Named("page", "要闻·城市")),
        ("page:“《要闻》！”", Named("page", "《要闻》！")),
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
        ("加油！！中国", And((Term("加油"), Term("中国")))),
        ("加油中国！加油", And((Term("加油中国"), Term("加油")))),
        ("加油！", Term("加油")),
        ("Yahoo!", Term("Yahoo")),
        ("Yahoo! 中国", And((Term("Yahoo"), Term("中国")))),
        ("Yahoo!，YahooJapan", And((Term("Yahoo"), Term("YahooJapan")))),
        ("加油！ 加油中国", And((Term("加油"), Term("加油中国")))),
        ("a! AND ab", And((A, Term("ab")))),
        ("a! body:ab", And((A, Term("ab", "body")))),
        ("a! -ab", And((A, Not(Term("ab"))))),
        ('"营商 改革"~5。', Near(("营商", "改革"), 5)),
        ('"a b"~5，c', And((Near(("a", "b"), 5), C))),
        ('headline:"a b"~5：c d', And((Near(("a", "b"), 5, "headline"), C, Term("d")))),
        ('"a b"~5“c”', And((Near(("a", "b"), 5), C))),
        ("“a”～b", And((A, B))),
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
        ("杭州-宁波", And((Term("杭州"), Term("宁波")))),
        ("杭州－－宁波", And((Term("杭州"), Term("宁波")))),
        ("杭州–宁波", And((Term("杭州"), Term("宁波")))),
        ("50%-60%", And((Term("50%"), Term("60%")))),
        ("“杭州”-北京", And((Term("杭州"), Not(Term("北京"))))),
        ("杭州——“北京”", And((Term("杭州"), Term("北京")))),
        ("—北京", Term("北京")),
        ("特稿-《a》", And((Term("特稿"), A))),
        ("杭州-，北京-", And((Term("杭州"), Term("北京")))),
    ],
)
def test_punctuation_ends_a_run_as_a_blank_does(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19", "PM2.5", "9·11事件", "7*24小时", "5G+AI", "AT&T", "A/B股", "http://a.cn/b_c",
        "1,000", "1,000,000人", "8.5%", "增长50%以上", "３０℃", "8:30", "50％", "8．5", "COVID－19",
        "1／2",
    ],
)  # fmt: skip
def test_signs_within_a_latin_word_or_number_belong_to_it(text: str) -> None:
    assert parse(text) == Term(text)
    assert parse(f"-{text}，b") == Not(And((Term(text), B)))


@pytest.mark.parametrize(
    "text",
    [
        "a,b", "1, 2", "1、2", "50%、60", "C++", "A.", "(50%)", "-的.5", "2023,2024", "2023，2024",
        "1，000", "1,0000", "1,00", "AI：GPT", "8：30", "a；b", "a？b", "AI，GPT",
    ],
)  # fmt: skip
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
        ("杭州，-北京", 3, "beginning of a word"),
        ("杭州，－－北京", 3, "beginning of a word"),
        ("「-北京」", 1, "beginning of a word"),
        ("\u200b-北京", 1, "beginning of a word"),
        ("杭州\u200b-北京", 3, "beginning of a word"),
        ("😀-北京", 1, "beginning of a word"),
        ("杭州，-《北京》", 3, "beginning of a word"),
        ("杭州，-*ST股", 3, "beginning of a word"),
        ("杭州，-“北京”", 3, "beginning of a word"),
        ("杭州-(北京 OR 上海)", 2, "beginning of a word"),
        ("临空*-北京", 3, "beginning of a word"),
        ("a!“ab”-北京", 6, "beginning of a word"),
        ("“杭州”，-北京", 5, "beginning of a word"),
        ("page:要闻，-城市", 8, "beginning of a word"),
        ("page:-要闻", 5, "before a field"),
        *((f"杭州，{sign}北京", 3, f"{sign} is not the -") for sign in "−–﹣﹘‐‑‒¬"),
        *((f"杭州 {sign}北京", 3, f"{sign} is not the -") for sign in "−–﹣﹘‐‑‒¬"),
        ("“杭州”–北京", 4, "– is not the -"),
        ("，!北京", 1, "right behind a word"),
        ("《a》!北京", 3, "right behind a word"),
        ("\u200b!北京", 1, "right behind a word"),
        ("莫干山!《莫干山路》", 3, "right behind a word"),
        ("莫干山!(莫干山路)", 3, "right behind a word"),
        ("a!!ab", 1, "in quotes"),
        ("a！!ab", 1, "in quotes"),
        ("莫干山!山路", 0, "excludes nothing"),
        ("莫干山!山路", 0, "in quotes"),
        ("b，莫干山!莫干山路!路口", 2, "“路口” does not contain “莫干山”"),
        ("莫干山！路口！莫干山路", 0, "“路口” does not contain “莫干山”"),
        ("莫干山! 莫干山路", 3, "right before what it is not to be part of"),
        ("莫干山!　莫干山路", 3, "right before what it is not to be part of"),
        ("-headline:“莫干山”! “莫干山路”", 15, "right before what it is not to be part of"),
        ("莫干山!莫干山路! 莫干山镇", 8, "right before what it is not to be part of"),
        ('"a b"~5c', 5, "behind a quoted text"),
        ('"a b"～5.5', 5, "behind a quoted text"),
        ('"a b"~5，6', 5, "behind a quoted text"),
        ('"a b"~5-c', 5, "behind a quoted text"),
        ('"a b"~.5', 5, "behind a quoted text"),
        ('"a b" ~5', 6, "behind a quoted text"),
        ('"a b"*~5', 6, "behind a quoted text"),
        ("(a b)~5", 5, "behind a quoted text"),
        ("a!“ab”~5", 6, "behind a quoted text"),
        ("paper:杭州!杭州日报", 6, "one whole name"),
        ("paper:杭州！日报", 6, "one whole name"),
        ("paper:《a*》", 7, "one whole name"),
        ("source:新华社，headline:北京", 11, "headline: stands at the beginning of a word"),
        ("新华社，ＢＯＤＹ：“北京”", 4, "body: stands at the beginning of a word"),
        ("《date:2023》", 1, "date: stands at the beginning of a word"),
        ("\ufeffheadline:北京", 1, "headline: stands at the beginning of a word"),
        ("杭州，NOT 北京", 3, "NOT stands between blanks"),
        ("NOT，北京", 0, "NOT stands between blanks"),
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
