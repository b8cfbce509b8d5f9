"""What can be said of a query without any article: that none can match, that no word need stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from newscrawl.query.needles import needle
from newscrawl.query.tree import (
    And,
    DateRange,
    Guard,
    Leaf,
    Named,
    Near,
    Node,
    Not,
    Or,
    Term,
    Text,
    field_of,
)

MOST_LEAVES = 10
"""Different ones, of which every combination is tried: a thousand take some milliseconds."""
_WITHIN = ("headline", "body")
"""What stands there is found also by what is looked for in no field in particular."""


def contradicts(node: Node) -> bool:
    """Whether no article can match, as of `a -a` or `杭州日报 -杭州`.

    False also where that does not come to light: more than MOST_LEAVES different leaves.
    """
    every = list(dict.fromkeys(leaves(node)))
    if len(every) > MOST_LEAVES:
        return False
    follows = _implications(every)
    return not any(
        _true(node, values)
        for values in (
            dict(zip(every, truths, strict=True))
            for truths in product((False, True), repeat=len(every))
        )
        if all(values[then] for when, then in follows if values[when]) and _in_time(values)
    )


def wordless(node: Node) -> bool:
    """Whether an article can match in which no word of the query stands, as of `-广告`."""
    return required(node) is None


def required(node: Node) -> Node | None:
    """What stands in every article that matches: terms alone, as a query that can be searched.

    `sieve` says it more closely, but in folded literals, which an automaton looks for and no index.
    None: an article can match without any.
    """
    match node:
        case And(children):
            parts = [part for child in children if (part := required(child)) is not None]
            return _joined(And, parts) if parts else None
        case Or(children):
            every = [required(child) for child in children]
            some = [part for part in every if part is not None]
            return _joined(Or, some) if len(some) == len(every) else None
        case Term():
            return node
        case Guard(term):
            return term
        case Near(texts, _, field):
            return _joined(And, [Term(text, field) for text in texts])
        case Not() | Named() | DateRange():
            return None


def weight(node: Node) -> int:
    """How many texts are looked for in an article that may match; each word of a Near twice."""
    return sum(_weight(leaf) for leaf in leaves(node))


def leaves(node: Node) -> Iterable[Leaf]:
    """All leaves, as often as they are written."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from leaves(child)
        case Not(child):
            yield from leaves(child)
        case _:
            yield node


def _weight(leaf: Leaf) -> int:
    match leaf:
        case Guard(_, exceptions):
            return 1 + len(exceptions)
        case Near(texts):
            return 2 * len(texts)
        case _:
            return 1


def _joined(joined: type[And | Or], parts: Sequence[Node]) -> Node:
    """The parts in one level, as a query is read that is written so."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.children if isinstance(part, joined) else [part])
    return flat[0] if len(flat) == 1 else joined(tuple(flat))


def _true(node: Node, values: Mapping[Leaf, bool]) -> bool:
    match node:
        case And(children):
            return all(_true(child, values) for child in children)
        case Or(children):
            return any(_true(child, values) for child in children)
        case Not(child):
            return not _true(child, values)
        case _:
            return values[node]


def _implications(every: Sequence[Leaf]) -> list[tuple[Leaf, Leaf]]:
    """Pairs of which the second is true wherever the first is."""
    return [
        (when, then) for when in every for then in every if when != then and _implies(when, then)
    ]


def _implies(when: Leaf, then: Leaf) -> bool:
    match when, then:
        case DateRange(since, until), DateRange(first, last):
            return (first is None or (since is not None and since >= first)) and (
                last is None or (until is not None and until <= last)
            )
        case Guard(term), Term():
            return term == then or _implies(term, then)
        case Near(texts, _, field), Term():
            terms = [Term(text, field) for text in texts]
            return any(term == then or _implies(term, then) for term in terms)
        case Term(), Term():
            return _same_place(when, then) and _contains(when, then)
    return False


def _same_place(when: Text, then: Text) -> bool:
    where, sought = field_of(when), field_of(then)
    return sought == where or (sought is None and where in _WITHIN)


def _contains(whole: Term, part: Term) -> bool:
    """Whether `part` stands wherever `whole` does, also where its last word goes on."""
    looked_for = needle(part.text, part.prefix)
    ends = ("", "a") if whole.prefix else ("",)
    return all(
        any(looked_for.spans(text + end)) for text in needle(whole.text).texts for end in ends
    )


def _in_time(values: Mapping[Leaf, bool]) -> bool:
    """Whether there is a day that all ranges contain that are to be true."""
    ranges = [leaf for leaf, true in values.items() if true and isinstance(leaf, DateRange)]
    first = max((each.since for each in ranges if each.since), default=None)
    last = min((each.until for each in ranges if each.until), default=None)
    return first is None or last is None or first <= last
