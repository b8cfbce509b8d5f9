"""Group C of the hostile cases, as far as reading and evaluating a query goes."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from newscrawl.items import Article
from newscrawl.query.errors import QueryError
from newscrawl.query.evaluate import matches
from newscrawl.query.limits import Limits
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.subject import Subject, subject_of
from newscrawl.query.tree import Named, Term, text_leaves
from newscrawl.text.clean import clean_paragraph

LARGE = Limits(length=10**6, clauses=10**5, depth=100)


def body(text: str) -> Subject:
    return subject_of(Article("p", "", "", paragraphs=[clean_paragraph(text, 10**6)]))


@pytest.mark.parametrize("query", ["*", "*:*", "?*?*?*", "*的*", "*" * 10_000, "* " * 2_000])
def test_c1_wildcards_that_match_everything_are_refused(query: str) -> None:
    began = time.perf_counter()
    with pytest.raises(QueryError):
        parse(query)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (" OR ".join(["字"] * 5_000), "characters"),
        (" OR ".join(["字"] * 600), "more than 256"),
        ("字 " * 2_000, "more than 256"),
        ("(" * 2_000 + "字" + ")" * 2_000, "nested"),
        ("(" * 2_000, "nested"),
        ("字" * 100_000, "characters"),
        ("-" * 4_000, "stands once"),
        ("NOT " * 1_000 + "字", "NOT"),
    ],
)
def test_c2_queries_beyond_the_limits_are_refused(query: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason):
        parse(query)


def test_c2_many_clauses_are_no_recursion() -> None:
    node = parse(" OR ".join(["字"] * 5_000 + ["号"]), LARGE)
    assert matches(node, body("第一号"))
    assert parse(show(node), LARGE) == node


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("fuzzy~3/0", "a fuzzy~3/0 b"),
        ('r"(a+)+$"', "r (a+)+$"),
        ("title:[a TO b]", "title:[a TO b]"),
        ("词^1e308", "词^1e308"),
        ("NaN", "nan"),
        ("ab?d", "ab?d"),
    ],
)
def test_c3_syntax_of_other_engines_is_words(query: str, found: str) -> None:
    assert matches(parse(query), body(found))
    assert not matches(parse(query), body("aaaaaaaaaaaaaaaa 词"))


def test_c3_a_distance_cannot_be_huge() -> None:
    for digits in ("101", "9" * 4_000):
        with pytest.raises(QueryError):
            parse(f'"a b"~{digits}')


def test_c4_fields_do_not_pile_up() -> None:
    assert parse("headline:" * 400) == Term(":".join(["headline"] * 399), "headline")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("path:x", ["path:x"]),
        ("__class__:x", ["class__:x"]),
        ("body.x:y", ["body.x:y"]),
        ("seq:1", ["seq:1"]),
        ("标题：x", ["标题", "x"]),
        ("url:临空", ["url", "临空"]),
    ],
)
def test_c4_an_unknown_field_is_literal_text(name: str, words: list[str]) -> None:
    assert list(text_leaves(parse(name))) == [Term(word) for word in words]
    assert matches(parse(name), body(f"见 {name}。"))
    assert matches(parse(f'"{name}"'), body(f"见 {name}。"))
    assert not matches(parse(name), body(f"见 {words[-1][1:]}。"))


def test_c4_a_name_is_only_a_value() -> None:
    assert parse("paper:/../../etc") == Named("paper", "/../../etc")


@pytest.mark.parametrize("sign", ["-", "－", "−", "–", "﹣", "﹘", "‐", "‑", "‒", "¬", "!"])
@pytest.mark.parametrize("before", ["，", "“临空”，", "《", "\u200b", "\ufeff", "(", "😀", "临空*"])
def test_c3_what_would_be_passed_over_is_refused(sign: str, before: str) -> None:
    asked = f"{before}{sign}北京{')' if before == '(' else ''}"
    if before == "(" and sign in "-－":
        assert not matches(parse(asked), body("北京"))
    elif (before, sign) == ("临空*", "!"):
        with pytest.raises(QueryError, match="does not contain"):
            parse(asked)
    else:
        with pytest.raises(QueryError) as error:
            parse(asked)
        assert error.value.position == len(before)


@pytest.mark.parametrize("sign", ["-", "−", "!", "~5"])
def test_c3_it_is_looked_for_in_quotes(sign: str) -> None:
    text = f"临空，{sign}北京"
    assert parse(f'"{text}"') == Term(text)
    assert matches(parse(f'"{text}"'), body(f"见{text}。"))


@pytest.mark.parametrize("sign", ["-", "！!", "-#", "_", "~", "!-《"])
def test_c3_refusing_takes_no_time(sign: str) -> None:
    began = time.perf_counter()
    for text in (f"a{sign * 900}，b", f"，{sign * 900}b", f"a{sign * 900}(b)"):
        with suppress(QueryError):
            parse(text)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("query", ["\ud800", "\x00", "😀", "\u200b", "\ufeff", "\u202e"])
def test_c6_nothing_to_look_for_is_refused(query: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(query)
    assert not set(str(error.value).splitlines()[1]) & {"\x00", "\ud800", "\u202e"}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("临\ud800空", "临空"),
        ("临空", "临\x00空"),
        ("\ufeff临\u200b空", "临空"),
        ("臨空經濟", "临空经济"),
        ("临空经济", "臨空經濟"),
        ("５Ｇ手机", "5G手机"),
        ("（ＡＩ）", "ai"),
        ("好😀", "说好😀了"),
        ("𠮷", "董事长𠮷田"),
        ("王䶮", "记者王䶮报道"),
        ("㛃", "李㛃摄"),
    ],
)
def test_c6_queries_are_normalised_as_articles_are(query: str, text: str) -> None:
    assert matches(parse(query), body(text))
    assert parse(show(parse(query))) == parse(query)


@pytest.mark.parametrize(
    "query", ['"的 的 的 的 的 杭"~100', "的!的的", "的" * 2_000, '"的 的 的 的 的 的"~0 AND 杭']
)
def test_evaluation_is_bounded_on_text_made_for_it(query: str) -> None:
    text = body("的" * 2_000 + " " * 200 + "，" * 200 + "杭")
    began = time.perf_counter()
    matches(parse(query), text)
    assert time.perf_counter() - began < 2
