"""From lark's tree of tokens to ours."""

from __future__ import annotations

from typing import cast

from lark import Token, Tree

from newscrawl.query.dates import date_range
from newscrawl.query.errors import QueryError, named
from newscrawl.query.lexical import UNIT, unquote
from newscrawl.query.limits import Limits
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


class Builder:
    """Reads the tokens of one query; every error it raises knows its place."""

    def __init__(self, text: str, operators: str, limits: Limits) -> None:
        """`operators` is `text` with full-width signs folded, character by character."""
        self._text = text
        self._operators = operators
        self._limits = limits
        self._clauses = 0

    def build(self, part: Tree[Token] | Token, field: Field | None = None) -> Node:
        """The node of one of lark's branches, its words to be looked for in `field`."""
        if isinstance(part, Token):
            return self._leaf(part, field)
        match part.data:
            case "either":
                return Or(tuple(self.build(child, field) for child in part.children))
            case "both":
                return And(tuple(self.build(child, field) for child in part.children))
            case "negation":
                return Not(self._negated(part.children[0], field))
            case "scope":
                name, atom = part.children
                return self.build(atom, cast("Field", str(name)[:-1].lower()))
            case _:
                return self._dates(cast("Token", part.children[0]))

    def _negated(self, part: Tree[Token] | Token, field: Field | None) -> Node:
        if isinstance(part, Token) and part.startswith("-"):
            reason = "- excludes what follows it, and stands once; signs are written in quotes"
            raise QueryError(reason, self._text, part.start_pos or 0)
        return self.build(part, field)

    def _leaf(self, token: Token, field: Field | None) -> Leaf:
        place = token.start_pos or 0
        self._count(1, place)
        if field in NAME_FIELDS:
            return self._named(token, cast("NameField", field))
        text_field = cast("TextField | None", field)
        match token.type:
            case "NEAR":
                return self._near(token, text_field)
            case "GUARDED":
                return self._guarded(token, text_field)
            case _:
                return self._checked(self._term(place, token.end_pos or 0, text_field), place)

    def _count(self, clauses: int, place: int) -> None:
        self._clauses += clauses
        if self._clauses > self._limits.clauses:
            raise QueryError(
                f"it has more than {self._limits.clauses} words and phrases", self._text, place
            )

    def _term(self, start: int, end: int, field: TextField | None) -> Term:
        """The word or quoted text that is written from `start` to `end`."""
        operators = self._operators[start:end]
        bare = operators.rstrip("*")
        text = self._text[start : start + len(bare)]
        if bare and bare[0] in '"“”':
            text = unquote(text).strip()
        return Term(text, field, prefix=bare != operators)

    def _checked(self, term: Term, place: int) -> Term:
        size = searchable_length(term.text)
        if term.prefix and size < _BEFORE_STAR:
            raise QueryError(f"* needs {_BEFORE_STAR} characters before it", self._text, place)
        if not size:
            reason = f"{named(term.text)} has no letter, digit or Chinese character to look for"
            raise QueryError(reason, self._text, place)
        return term

    def _named(self, token: Token, field: NameField) -> Named:
        place = token.start_pos or 0
        term = self._term(place, token.end_pos or 0, None)
        if token.type in {"NEAR", "GUARDED"} or term.prefix:
            raise QueryError(f"{field}: takes one whole name or code", self._text, place)
        return Named(field, self._checked(term, place).text)

    def _near(self, token: Token, field: TextField | None) -> Leaf:
        place = token.start_pos or 0
        end = self._operators.rindex("~", place, token.end_pos)
        digits = self._operators[end + 1 : token.end_pos].lstrip("0") or "0"
        if len(digits) > len(str(self._limits.distance)) or int(digits) > self._limits.distance:
            reason = f"~ takes a distance of at most {self._limits.distance}"
            raise QueryError(reason, self._text, end)
        texts = tuple(unquote(self._text[place:end]).split()) or ("",)
        if len(texts) > self._limits.near:
            raise QueryError(f"~ takes at most {self._limits.near} words", self._text, place)
        self._count(len(texts) - 1, place)
        terms = [self._checked(Term(text, field), place) for text in texts]
        return terms[0] if len(terms) == 1 else Near(texts, int(digits), field)

    def _guarded(self, token: Token, field: TextField | None) -> Leaf:
        """A `!` between texts that do not contain one another is a sign like any other."""
        place, end = token.start_pos or 0, token.end_pos or 0
        units = list(UNIT.finditer(self._operators, place, end))
        term, *exceptions = (self._term(unit.start(), unit.end(), field) for unit in units)
        useless = [other for other in exceptions if not _inside(term, other)]
        if useless and not any(unit.group()[0] in '"“”' for unit in units):
            return self._checked(self._term(place, end, field), place)
        if useless:
            other = named(useless[0].text)
            reason = f"{other} does not contain {named(term.text)}: it excludes nothing"
            raise QueryError(reason, self._text, place)
        self._count(len(exceptions), place)
        return Guard(self._checked(term, place), tuple(exceptions))

    def _dates(self, token: Token) -> DateRange:
        place = token.start_pos or 0
        self._count(1, place)
        try:
            return date_range(str(token))
        except ValueError as error:
            raise QueryError(str(error), self._text, place) from None


def _inside(term: Term, other: Term) -> bool:
    """Whether `other` is `term` and something more."""
    return any(
        len(part) < len(whole) and part in whole
        for part in needle(term.text).texts
        for whole in needle(other.text).texts
    )
