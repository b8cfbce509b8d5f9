"""A tree printed as a query that reads back as the same tree."""

from __future__ import annotations

import re
from datetime import date

from newscrawl.query.lexical import UNIT, fold_operators, quote
from newscrawl.query.tree import (
    And,
    DateRange,
    Field,
    Guard,
    Named,
    Near,
    Node,
    Not,
    Or,
    Term,
    field_of,
)

_BARE = re.compile(r"\w+(?:[.\-·/]\w+)*")
_OPERATORS = frozenset({"AND", "OR", "NOT"})


def show(node: Node) -> str:
    """The query of `node`; `parse(show(node)) == node` for every tree of `parse`."""
    match node:
        case Or(children):
            return " OR ".join(_inside_or(child) for child in children)
        case And(children):
            return " ".join(_group(child) for child in children)
        case Not(child):
            return f"-({show(child)})" if isinstance(child, Not) else f"-{_group(child)}"
        case Named(field, text):
            return _scoped(field, _word(text))
        case DateRange(since, until):
            return f"date:{_period(since, until)}"
        case Term() | Guard() | Near():
            return _scoped(field_of(node), _text(node))


def _group(node: Node) -> str:
    return f"({show(node)})" if isinstance(node, And | Or) else show(node)


def _inside_or(node: Node) -> str:
    return f"({show(node)})" if isinstance(node, Or) else show(node)


def _scoped(field: Field | None, text: str) -> str:
    return f"{field}:{text}" if field else text


def _text(node: Term | Guard | Near) -> str:
    match node:
        case Near(texts, distance):
            return f"{quote(' '.join(texts))}~{distance}"
        case Guard(term, exceptions):
            return "!".join(_word(part.text, prefix=part.prefix) for part in (term, *exceptions))
        case Term(text, _, prefix):
            return _word(text, prefix=prefix)


def _word(text: str, *, prefix: bool = False) -> str:
    read = fold_operators(text)
    bare = _BARE.fullmatch(text) and UNIT.fullmatch(read) and read not in _OPERATORS
    return (text if bare else quote(text)) + ("*" if prefix else "")


def _period(since: date | None, until: date | None) -> str:
    if since and since == until:
        return since.isoformat()
    return f"[{since or '*'} TO {until or '*'}]"
