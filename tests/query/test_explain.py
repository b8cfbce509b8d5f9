from __future__ import annotations

import pytest
from hypothesis import given

from newscrawl.query.explain import explain
from newscrawl.query.parse import parse
from newscrawl.query.show import show
from newscrawl.query.tree import And, DateRange, Guard, Named, Near, Not, Or, Term
from tests.query.pairs import queries, written

ANYWHERE = "in headline, kicker, subhead or text"
NEAR = "in one paragraph, at most 5 characters apart"


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("临空经济", [f"“临空经济”, {ANYWHERE}"]),
        (
            "臨空 -headline:AI",
            [
                "all of these:",
                f"  “臨空” (looked for as “临空”), {ANYWHERE}",
                "  not this:",
                "    “AI” (looked for as “ai”) as a whole word, in the headline",
            ],
        ),
        (
            'A股 OR source:"新华社"',
            [
                "any of these:",
                f"  “A股” (looked for as “a股”) with its parts side by side, {ANYWHERE}",
                "  “新华社”, in the source",
            ],
        ),
        (
            "body:莫干山!莫干山路",
            ["“莫干山” where it is not part of “莫干山路”, in the text"],
        ),
        (
            '"营商 改革"~5',
            [
                f"“营商” and “改革” {NEAR}, in any order, {ANYWHERE}",
            ],
        ),
        (
            '"从“营商”到“赢商”"',
            [
                f"“从“营商”到“赢商”” exactly so, signs and blanks included, {ANYWHERE}",
            ],
        ),
        (
            "临空*",
            [f"“临空*” or what begins so, {ANYWHERE}"],
        ),
        ("paper:杭州日报", ["of the paper whose name or code is 杭州日报"]),
        ("author:王伟", ["“王伟”, among reporters and correspondents"]),
        ("date:2023-12-15", ["of 2023-12-15"]),
        ("date:2023-12", ["of 2023-12-01 to 2023-12-31, both included"]),
        ("date:[* TO 2023-12-15]", ["of 2023-12-15 or before"]),
        ("date:[2023-12-15 TO *]", ["of 2023-12-15 or after"]),
        ("date:[* TO *]", ["of any day that is known"]),
    ],
)
def test_a_query_is_explained(query, lines):
    assert explain(parse(query)).lines() == lines


def leaves(node):
    match node:
        case And(children) | Or(children):
            return [leaf for child in children for leaf in leaves(child)]
        case Not(child):
            return leaves(child)
    return [node]


def words(leaf):
    match leaf:
        case Term(text):
            return [text]
        case Guard(term, exceptions):
            return [term.text, *(each.text for each in exceptions)]
        case Near(texts):
            return list(texts)
        case Named(_, text):
            return [text]
        case DateRange(since, until):
            return [str(day) for day in (since, until) if day]
    raise AssertionError(leaf)


@given(queries().flatmap(written))
def test_every_leaf_of_any_query_is_named_in_a_line_of_its_own(query):
    tree = parse(query)
    lines = explain(tree).lines()
    said = [line for line in lines if not line.endswith("these:") and not line.endswith("this:")]
    told = leaves(tree)
    assert len(said) == len(told)
    for line, leaf in zip(said, told, strict=True):
        assert all(word in line for word in words(leaf)), (show(leaf), line)
