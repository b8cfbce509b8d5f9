from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.query.evaluate import matches
from newscrawl.query.literals import is_guard, laid_out, places_of, stands, stands_apart
from newscrawl.query.parse import parse
from newscrawl.query.sieve import GIVEN, MOST, Atom, Conjunctions, Sieve, days, read, sieve
from newscrawl.query.subject import Subject, subject_of
from tests.query.pairs import TITLES, articles, queries, written


def holds(atom: Atom, subject: Subject) -> bool:
    if atom.places == GIVEN:
        since, until = days(atom.literal)
        found = subject.date is not None and since <= subject.date <= until
    else:
        look = stands_apart if is_guard(atom.literal) else stands
        found = any(
            look(atom.literal, text)
            for place, text in places_of(laid_out(subject))
            if place & atom.places
        )
    return found == atom.wanted


def any_holds(conjunctions: Conjunctions, subject: Subject) -> bool:
    return any(all(holds(atom, subject) for atom in each) for each in conjunctions)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("臨空經濟", "=t临空经济"),
        ("临空 经济 临空", "=t临空\tt经济"),
        ("临空 OR AI", "=t临空\n=t＿ai＿"),
        ("临空 -广告", "=t临空\tT广告"),
        ("-广告", "=T广告"),
        ("-(广告 临空)", "=T广告\n=T临空"),
        ("headline:临空 body:MA* -source:新华", "=h临空\tb＿ma\tS新华"),
        ("author:王伟 paper:杭州日报 page:A01", "=a王伟\tn［杭州日报］\tn｛a01｝"),
        ('"，“好”。"', "=t,“好”。"),
        ("date:2023-12", "=d2023-12-01..2023-12-31"),
        ("date:[* TO 2023]", "=d0001-01-01..2023-12-31"),
        ("莫干山!莫干山路", "=t莫干山\tt莫干山！莫干山路"),
        ("-莫干山!莫干山路", "=T莫干山！莫干山路"),
        ("source:AI!新AI*!AI股", "=s＿ai＿\ts＿ai＿！新ai｜＿ai股"),
        ('"临空 经济"~5 OR 临空', "=t临空"),
        ('"临空 经济"~5', "?t临空\tt经济"),
        ('-"临空 经济"~5', "=T临空\n=T经济\n?"),
        ("临空 -临空", ""),
        ('"三 李"', "=t三李\n=t三 李"),
    ],
)
def test_what_must_stand(query: str, text: str) -> None:
    made = sieve(parse(query))
    assert made.text() == "\n".join(["1", text] if text else ["1"])
    assert read(made.text()) == made
    assert made.exact == ("?" not in text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0\n=t临空",
        "1\n",
        "1\n!t临空",
        "1\n=x临空",
        "1\n=t",
        "1\n=t临空\t",
        "1\n=t＿",
        "1\n=d昨天",
    ],
)
def test_another_format_and_a_damaged_sieve_are_not_read(text: str) -> None:
    assert read(text) is None


def test_always_and_never_are_told_apart() -> None:
    always, never = Sieve(sure=((),)), Sieve(sure=())
    assert read(always.text()) == always != never == read(never.text())


@settings(max_examples=1000, deadline=None)
@given(articles(), queries(), st.data())
def test_a_query_lies_between_its_two_conditions(article, query, data) -> None:
    node = parse(data.draw(written(query)))
    made, subject = sieve(node), subject_of(article, TITLES[article.paper])
    assert read(made.text()) == made
    sure = any_holds(made.sure, subject)
    if made.exact:
        assert matches(node, subject) == sure
    elif matches(node, subject):
        assert sure or any_holds(made.doubtful, subject)
    else:
        assert not sure


def test_an_and_of_many_ors_keeps_those_that_are_rarest() -> None:
    rare = "(临空经济示范区 OR 营商环境大提升)"
    common = " ".join(f"({a} OR {a}甲 OR {a}乙 OR {a}丙)" for a in "的了在是我有和人")
    made = sieve(parse(f"{common} {rare} AI"))
    assert not made.exact
    assert made.sure == ()
    assert len(made.doubtful) <= MOST
    for each in made.doubtful:
        literals = {atom.literal for atom in each}
        assert "＿ai＿" in literals
        assert literals & {"临空经济示范区", "营商环境大提升"}


def test_the_largest_query_has_a_sieve_of_bounded_size() -> None:
    ors = " ".join(
        f"({' OR '.join(f'{a}{b}' for b in '甲乙丙丁戊己庚辛')})" for a in "的了在是我有和人" * 4
    )
    made = sieve(parse(ors))
    assert 0 < len(made.doubtful) <= MOST
    assert len(sieve(parse(f"-({ors})")).sure) == 8


def test_days_are_read_back() -> None:
    (((atom,),)) = sieve(parse("date:[2023-12-01 TO *]")).sure
    assert days(atom.literal) == (date(2023, 12, 1), date.max)
