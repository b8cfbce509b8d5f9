from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.query.needles import searchable_length
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.tree import And, DateRange, Guard, Named, Near, Node, Not, Or, Term
from tests.query.pairs import queries, written

ALPHABET = st.one_of(st.sampled_from('ab五号 "“”＂\\!！-－*~:：()（）　\n[]，/'), st.characters())
FIELDS = st.sampled_from([None, "headline", "body", "source", "author"])


def texts(searchable: int) -> st.SearchStrategy[str]:
    written = st.one_of(
        st.sampled_from(
            ["AND", "ＯＲ", "NOT甲", "headline:a", "date:2023", "-ab", "ab*", "甲!甲乙"]
        ),
        st.text(ALPHABET, min_size=1, max_size=12).map(str.strip),
    )
    return written.filter(lambda text: searchable_length(text) >= searchable)


def guards() -> st.SearchStrategy[Guard]:
    words = st.text("莫干山路ab1 ", min_size=1, max_size=4).map(lambda text: f"干{text.strip()}山")
    return st.tuples(words, FIELDS, st.lists(st.sampled_from("路镇”"), min_size=1, max_size=2)).map(
        lambda parts: Guard(
            Term(parts[0], parts[1]), tuple(Term(parts[0] + end, parts[1]) for end in parts[2])
        )
    )


def ranges() -> st.SearchStrategy[DateRange]:
    days = st.tuples(st.dates(), st.dates()).map(sorted)
    return st.one_of(
        days.map(lambda pair: DateRange(*pair)),
        st.dates().map(lambda day: DateRange(day, day)),
        st.dates().map(lambda day: DateRange(None, day)),
        st.just(DateRange(None, None)),
    )


def trees() -> st.SearchStrategy[Node]:
    leaves = st.one_of(
        st.builds(Term, texts(1), FIELDS),
        st.builds(Term, texts(2), FIELDS, st.just(value=True)),
        st.builds(Named, st.sampled_from(["paper", "page"]), texts(1)),
        st.builds(
            Near,
            st.lists(
                texts(1).filter(lambda text: len(text.split()) == 1), min_size=2, max_size=4
            ).map(tuple),
            st.integers(0, 100),
            FIELDS,
        ),
        guards(),
        ranges(),
    )

    def longer(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(nodes, min_size=2, max_size=3).map(tuple)
        return st.one_of(nodes.map(Not), several.map(And), several.map(Or))

    return st.recursive(leaves, longer, max_leaves=8)


@settings(deadline=None, max_examples=500)
@given(trees())
def test_every_tree_reads_back_as_itself(node: Node) -> None:
    assert parse(show(node)) == node


@settings(deadline=None, max_examples=200)
@given(queries().flatmap(written))
def test_what_people_write_reads_back_as_the_same_tree(text: str) -> None:
    node = parse(text)
    assert parse(show(node)) == node


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("临空经济　ＡＮＤ　（营商 OR “环境”） －x", "临空经济 (营商 OR 环境) -x"),
        ("a b OR c", "a b OR c"),
        ("headline:(a -b)", "headline:a -headline:b"),
        ("NOT (NOT a)", "-(-a)"),
        ("“新 年”～３", '"新 年"~3'),
        ("http://a/b", '"http://a/b"'),
        ("date:2023-12-15", "date:2023-12-15"),
        ("date:2024-2", "date:[2024-02-01 TO 2024-02-29]"),
    ],
)
def test_shown_plainly(written: str, shown: str) -> None:
    assert show(parse(written)) == shown


def test_an_open_range_shows_its_open_side() -> None:
    assert show(DateRange(date(2023, 12, 1), None)) == "date:[2023-12-01 TO *]"
