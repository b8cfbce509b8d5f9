"""What a query asks for, said to a person, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from newscrawl.query.needles import needle
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
from newscrawl.text.runs import Kind, runs

_INDENT = "  "
_PLACES: dict[Field | None, str] = {
    None: "in headline, kicker, subhead or text",
    "headline": "in the headline",
    "body": "in the text",
    "source": "in the source",
    "author": "among reporters and correspondents",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A part of a query, and what it consists of."""

    says: str
    parts: tuple[Explained, ...] = ()

    def lines(self, depth: int = 0) -> list[str]:
        """A line for each part, two blanks further in than what it belongs to."""
        deeper = [line for part in self.parts for line in part.lines(depth + 1)]
        return [_INDENT * depth + self.says, *deeper]


def explain(node: Node) -> Explained:
    """What an article must have to be found."""
    match node:
        case And(children):
            return Explained("all of these:", tuple(map(explain, children)))
        case Or(children):
            return Explained("any of these:", tuple(map(explain, children)))
        case Not(child):
            return Explained("not this:", (explain(child),))
        case Named(field, text):
            return Explained(f"of the {field} whose name or code is {text}")
        case DateRange(since, until):
            return Explained(_period(since, until))
        case Term() | Guard() | Near():
            return Explained(f"{_text(node)}, {_PLACES[field_of(node)]}")


def _text(node: Term | Guard | Near) -> str:
    match node:
        case Term():
            return f"{_written(node)}{_kind(node)}"
        case Guard(term, exceptions):
            but = " or ".join(map(_written, exceptions))
            return f"{_written(term)} where it is not part of {but}"
        case Near(texts, distance):
            near = " and ".join(_written(Term(text)) for text in texts)
            return f"{near} in one paragraph, at most {distance} characters apart, in any order"


def _written(term: Term) -> str:
    """The text, and what it is folded to where that is not the same."""
    folded = needle(term.text).texts[0]
    star = "*" if term.prefix else ""
    same = folded == term.text
    return f"“{term.text}{star}”" if same else f"“{term.text}{star}” (looked for as “{folded}”)"


def _kind(term: Term) -> str:
    """What stands beside one another in a text that is found."""
    folded = needle(term.text).texts[0]
    found = list(runs(folded))
    if term.prefix:
        return " or what begins so"
    if sum(run.end - run.start for run in found) < len(folded):
        return " exactly so, signs and blanks included"
    if len(found) > 1:
        return " with its parts side by side"
    return " as a whole word" if found[0].kind is Kind.WORD else ""


def _period(since: date | None, until: date | None) -> str:
    match since, until:
        case None, None:
            return "of any day that is known"
        case None, _:
            return f"of {until} or before"
        case _, None:
            return f"of {since} or after"
    return f"of {since}" if since == until else f"of {since} to {until}, both included"
