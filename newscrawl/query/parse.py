"""From what a person types to a tree."""

from __future__ import annotations

import re
from functools import lru_cache

from lark import Lark, UnexpectedInput, UnexpectedToken

from newscrawl.query.build import Builder
from newscrawl.query.errors import QueryError, named
from newscrawl.query.lexical import QUOTED, fold_operators
from newscrawl.query.limits import DEFAULT, Limits
from newscrawl.query.tree import Node

_BRACKETS = re.compile(rf'{QUOTED.pattern}|[()"“”]')


def parse(text: str, limits: Limits = DEFAULT) -> Node:
    """The tree of a query. Raises QueryError with what is wrong and where."""
    if len(text) > limits.length:
        raise QueryError(
            f"it has {len(text)} characters; at most {limits.length} are read", text, limits.length
        )
    if not text.strip():
        raise QueryError("it is empty; give at least one word", text, 0)
    operators = fold_operators(text)
    _check_brackets(text, operators, limits.depth)
    try:
        tree = _parser().parse(operators)
    except UnexpectedInput as error:
        raise _unreadable(error, text) from None
    return Builder(text, operators, limits).build(tree.children[0])


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark.open("grammar.lark", rel_to=__file__, parser="lalr", maybe_placeholders=False)


def _check_brackets(text: str, operators: str, depth: int) -> None:
    """Refuse what is not closed and what is nested too deeply, before any recursion."""
    unclosed: list[int] = []
    for bracket in _BRACKETS.finditer(operators):
        place = bracket.start()
        match bracket.group():
            case "(":
                unclosed.append(place)
                if len(unclosed) > depth:
                    raise QueryError(f"more than {depth} parentheses are nested", text, place)
            case ")":
                if not unclosed:
                    raise QueryError("this parenthesis was never opened", text, place)
                unclosed.pop()
            case '"' | "“" | "”":
                raise QueryError("this quotation mark is not closed", text, place)
    if unclosed:
        raise QueryError("this parenthesis is not closed", text, unclosed[-1])


def _unreadable(error: UnexpectedInput, text: str) -> QueryError:
    """Brackets being right, something stands where a word is wanted."""
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        place = error.token.start_pos or 0
        found = text[place : error.token.end_pos].strip()
        return QueryError(f"a word is missing before {named(found)}", text, place)
    return QueryError("a word is missing at its end", text, len(text))
