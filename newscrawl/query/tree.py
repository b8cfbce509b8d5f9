"""A query as a tree of values: what the parser makes and everything else reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from newscrawl.text.clean import clean_line

TextField: TypeAlias = Literal["headline", "body", "source", "author"]
NameField: TypeAlias = Literal["paper", "page"]
Field: TypeAlias = TextField | NameField


@dataclass(frozen=True, slots=True)
class Term:
    """A run of text as the person wrote it, quotation marks off."""

    text: str
    field: TextField | None = None
    """Where to look; None is headline, kicker, subhead and body."""
    prefix: bool = False
    """Written with a trailing `*`: its last word may go on."""


@dataclass(frozen=True, slots=True)
class Guard:
    """`莫干山!莫干山路`: the term where it is not part of one of the exceptions."""

    term: Term
    exceptions: tuple[Term, ...]
    """Each contains the term, and has its field."""


@dataclass(frozen=True, slots=True)
class Near:
    """`"a b"~5`: all texts in one paragraph, neighbours at most `distance` characters apart."""

    texts: tuple[str, ...]
    distance: int
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The paper or page whose name or code is exactly this."""

    field: NameField
    text: str
    """Cleaned as the names of an article are: it is compared as a whole."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean_line(self.text, len(self.text)))


@dataclass(frozen=True, slots=True)
class DateRange:
    """Editions from `since` to `until`, both included; None leaves a side open."""

    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Not:
    child: Node


@dataclass(frozen=True, slots=True)
class And:
    children: tuple[Node, ...]
    """Two or more."""


@dataclass(frozen=True, slots=True)
class Or:
    children: tuple[Node, ...]
    """Two or more."""


Text: TypeAlias = Term | Guard | Near
"""The leaves that stand somewhere in a text."""
Leaf: TypeAlias = Text | Named | DateRange
Node: TypeAlias = And | Or | Not | Leaf


def field_of(leaf: Text) -> TextField | None:
    return leaf.term.field if isinstance(leaf, Guard) else leaf.field


def positive_texts(node: Node) -> Iterator[Text]:
    """The text leaves that an article may show, those under a NOT left out."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from positive_texts(child)
        case Term() | Guard() | Near():
            yield node
        case Not() | Named() | DateRange():
            return


def asks_for(node: Node, field: NameField) -> bool:
    """Whether a paper or a page is asked for anywhere."""
    match node:
        case And(children) | Or(children):
            return any(asks_for(child, field) for child in children)
        case Not(child):
            return asks_for(child, field)
        case Named(named):
            return named == field
        case Term() | Guard() | Near() | DateRange():
            return False


def text_leaves(node: Node) -> Iterator[Text]:
    """All text leaves, those under a NOT among them."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from text_leaves(child)
        case Not(child):
            yield from text_leaves(child)
        case Term() | Guard() | Near():
            yield node
        case Named() | DateRange():
            return
