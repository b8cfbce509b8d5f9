"""Whether one article is what a query asks for: the meaning of the language."""

from __future__ import annotations

from newscrawl.query.hits import spans
from newscrawl.query.subject import Subject, folded
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
    field_of,
)


def matches(node: Node, subject: Subject) -> bool:
    """True where `subject` is among what a search for `node` finds."""
    match node:
        case And(children):
            return all(matches(child, subject) for child in children)
        case Or(children):
            return any(matches(child, subject) for child in children)
        case Not(child):
            return not matches(child, subject)
        case Term() | Guard() | Near():
            return any(any(spans(node, text)) for text in subject.texts(field_of(node)))
        case Named(field, text):
            return folded(text) in filter(None, subject.names(field))
        case DateRange():
            return _within(node, subject)


def _within(dates: DateRange, subject: Subject) -> bool:
    day = subject.date
    if day is None:
        return False
    return (dates.since is None or dates.since <= day) and (
        dates.until is None or day <= dates.until
    )
