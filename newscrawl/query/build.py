"""From lark's tree of tokens to ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias, cast

from lark import Token, Tree

from newscrawl.query.dates import date_range
from newscrawl.query.errors import QueryError, named
from newscrawl.query.lexical import MARKS, PAUSES, UNIT, fold_words, unquote, without_layout
from newscrawl.query.limits import Limits
from newscrawl.query.misplaced import Word
from newscrawl.query.needles import needle, searchable_length
from newscrawl.query.tree import (
    And,
    DateRange,
    Field,
    Guard,
    Leaf,
    Named,
    NameField,
    Near,
    Node,
    Not,
    Or,
    Term,
    TextField,
)

NAME_FIELDS = ("paper", "page")
_BEFORE_STAR = 2
_OUTER = "".join(PAUSES) + "!"
_NEXT = re.compile(
    r"\s+(?!(?:AND|OR|NOT)(?![^\s()\"“”])|(?i:headline|body|source|author|paper|page|date):)"
    rf"({UNIT.pattern})"
)
"""What a word begins with, behind a blank."""
_Part: TypeAlias = Tree[Token] | Token
_Unit: TypeAlias = re.Match[str]


class Builder:
    """Reads the tokens of one query; every error it raises knows its place."""

    def __init__(self, text: str, operators: str, limits: Limits) -> None:
        """`operators` is `text` with full-width signs folded, character by character."""
        self._text = text
        self._operators = operators
        self._words = fold_words(text)
        self._limits = limits
        self._clauses = 0

    def build(self, part: _Part, field: Field | None = None) -> Node:
        """The node of one of lark's branches, its words to be looked for in `field`."""
        if isinstance(part, Token):
            return self._leaf(part, field)
        match part.data:
            case "either":
                return Or(tuple(self.build(child, field) for child in part.children))
            case "both":
                return _all([*self._both(part.children, field)])
            case "negation":
                return Not(self._negated(part.children[0], field))
            case "scope":
                name, atom = part.children
                return self.build(atom, cast("Field", str(name)[:-1].lower()))
            case _:
                return self._dates(cast("Token", part.children[0]))

    def _both(self, parts: Sequence[_Part], field: Field | None) -> Iterator[Node]:
        """What must all be true: the runs of a word stand there like words of their own."""
        said = [part for part in parts if not self._pauses(part)]
        for part in said or parts:
            node = self.build(part, field)
            if isinstance(part, Token) and isinstance(node, And):
                yield from node.children
            else:
                yield node

    def _pauses(self, part: _Part) -> bool:
        """Whether it is nothing but punctuation: what stands between “…” and “…” in a headline."""
        if not isinstance(part, Token):
            return False
        return PAUSES.issuperset(self._text[part.start_pos : part.end_pos])

    def _negated(self, part: _Part, field: Field | None) -> Node:
        if isinstance(part, Token) and part.startswith("-"):
            reason = "- excludes what follows it, and stands once; signs are written in quotes"
            raise QueryError(reason, self._text, part.start_pos or 0)
        return self.build(part, field)

    def _leaf(self, token: Token, field: Field | None) -> Node:
        place = token.start_pos or 0
        self._count(1, place)
        if field in NAME_FIELDS:
            return self._named(token, cast("NameField", field))
        text_field = cast("TextField | None", field)
        match token.type:
            case "NEAR":
                return self._near(token, text_field)
            case "PHRASE":
                return self._checked(self._term(place, token.end_pos or 0, text_field), place)
            case _:
                return self._word(token, text_field)

    def _count(self, clauses: int, place: int) -> None:
        self._clauses += clauses
        if self._clauses > self._limits.clauses:
            raise QueryError(
                f"it has more than {self._limits.clauses} words and phrases", self._text, place
            )

    def _term(self, start: int, end: int, field: TextField | None) -> Term:
        """The run, name or quoted text that is written from `start` to `end`."""
        operators = self._operators[start:end]
        bare = operators.rstrip("*")
        text = self._text[start : start + len(bare)]
        text = unquote(text).strip() if bare and bare[0] in MARKS else without_layout(text)
        return Term(text, field, prefix=bare != operators)

    def _checked(self, term: Term, place: int) -> Term:
        size = searchable_length(term.text)
        if term.prefix and size < _BEFORE_STAR:
            raise QueryError(f"* needs {_BEFORE_STAR} characters before it", self._text, place)
        if not size:
            raise self._nothing(term.text, place)
        return term

    def _nothing(self, text: str, place: int) -> QueryError:
        reason = f"{named(text)} has no letter, digit or Chinese character to look for"
        return QueryError(reason, self._text, place)

    def _named(self, token: Token, field: NameField) -> Named:
        place, end = token.start_pos or 0, token.end_pos or 0
        excepting = token.type == "GUARDED"
        if token.type == "WORD":
            self._units(place, end)
            place, end = self._without_outer(place, end)
            excepting = "!" in self._operators[place:end]
        term = self._term(place, end, None)
        if token.type == "NEAR" or excepting or term.prefix:
            raise QueryError(f"{field}: takes one whole name or code", self._text, place)
        return Named(field, self._checked(term, place).text)

    def _without_outer(self, place: int, end: int) -> tuple[int, int]:
        """Where a name begins and ends: the punctuation around it is none of it."""
        name = self._text[place:end]
        start = end - len(name.lstrip(_OUTER))
        return start, start + len(name.strip(_OUTER))

    def _near(self, token: Token, field: TextField | None) -> Leaf:
        place = token.start_pos or 0
        end = self._operators.rindex("~", place, token.end_pos)
        digits = self._operators[end + 1 : token.end_pos].lstrip("0") or "0"
        if len(digits) > len(str(self._limits.distance)) or int(digits) > self._limits.distance:
            reason = f"~ takes a distance of at most {self._limits.distance}"
            raise QueryError(reason, self._text, end)
        texts = tuple(without_layout(unquote(self._text[place:end])).split()) or ("",)
        if len(texts) > self._limits.near:
            raise QueryError(f"~ takes at most {self._limits.near} words", self._text, place)
        self._count(len(texts) - 1, place)
        terms = [self._checked(Term(text, field), place) for text in texts]
        return terms[0] if len(terms) == 1 else Near(texts, int(digits), field)

    def _word(self, token: Token, field: TextField | None) -> Node:
        """What is written without a blank: punctuation ends a run, and all runs must stand."""
        place, end = token.start_pos or 0, token.end_pos or 0
        units = self._units(place, end)
        self._count(len(units) - 1, place)
        chains = self._chains(units)
        self._check_next(chains[-1], end)
        return _all([leaf for chain in chains for leaf in self._chain(chain, field)])

    def _units(self, place: int, end: int) -> list[_Unit]:
        """What there is to look for in a word, one at least, and nothing misplaced around it."""
        units = [
            unit
            for unit in UNIT.finditer(self._words, place, end)
            if unit[0][0] in MARKS or searchable_length(unit[0])
        ]
        if not units:
            raise self._nothing(self._text[place:end], place)
        slip = Word(self._text, self._operators, place, end).slip(units)
        if slip is not None:
            raise QueryError(slip.reason, self._text, slip.place)
        return units

    def _chains(self, units: Iterable[_Unit]) -> list[list[_Unit]]:
        """Units with nothing but a `!` between them belong together."""
        chains: list[list[_Unit]] = []
        behind = 0
        for unit in units:
            if chains and self._operators[behind : unit.start()] == "!":
                chains[-1].append(unit)
            else:
                chains.append([unit])
            behind = unit.end()
        return chains

    def _chain(self, units: list[_Unit], field: TextField | None) -> list[Leaf]:
        """A ！ between texts that do not contain one another is punctuation like any other."""
        terms = [self._term(unit.start(), unit.end(), field) for unit in units]
        term, *exceptions = terms
        useless = [other for other in exceptions if not _inside(term, other)]
        if useless and (len(useless) < len(exceptions) or self._meant(units)):
            what = f"{named(useless[0].text)} does not contain {named(term.text)}"
            reason = f"{what}: it excludes nothing; punctuation is written in quotes"
            raise QueryError(reason, self._text, units[0].start())
        if exceptions and not useless:
            return [Guard(self._checked(term, units[0].start()), tuple(exceptions))]
        return [self._checked(each, unit.start()) for each, unit in zip(terms, units, strict=True)]

    def _meant(self, units: list[_Unit]) -> bool:
        """Whether a `!` is there to except something: the one of a headline is full-width."""
        return any(self._text[unit.end()] == "!" for unit in units[:-1])

    def _check_next(self, units: list[_Unit], end: int) -> None:
        """Refuse a blank behind the `!` of an exception: it would be one more word to be found."""
        follows = _NEXT.match(self._words, end)
        if follows is None or self._text[units[-1].end() : end] != "!":
            return
        other = self._term(follows.start(1), follows.end(1), None)
        if any(_inside(self._term(*unit.span(), None), other) for unit in units):
            reason = "! stands right behind a word and right before what it is not to be part of"
            raise QueryError(reason, self._text, end - 1)

    def _dates(self, token: Token) -> DateRange:
        place = token.start_pos or 0
        self._count(1, place)
        try:
            return date_range(str(token))
        except ValueError as error:
            raise QueryError(str(error), self._text, place) from None


def _all(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))


def _inside(term: Term, other: Term) -> bool:
    """Whether `other` is `term` and something more."""
    return any(
        len(part) < len(whole) and part in whole
        for part in needle(term.text).texts
        for whole in needle(other.text).texts
    )
