"""Signs and names of the language where they would be passed over, and the query mean another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newscrawl.query.lexical import MARKS, PAUSES
from newscrawl.text.clean import INVISIBLE

_MINUSES = re.escape("-－\u2212\u2013\ufe63\ufe58\u2010\u2011\u2012¬")
_CLOSING = re.escape("".join(PAUSES - set("《〈「『【")))
_SIGN = re.compile(rf"([{_MINUSES}]+|[!！]+)[^{_CLOSING}{_MINUSES}!！]*\Z")
"""Before a unit, with nothing between that ends what was said."""
_DISTANCE = re.compile(r"~[.+]?[0-9]")
_FIELD = re.compile(
    rf"[{INVISIBLE}]*((?:headline|body|source|author|paper|page|date):)", re.IGNORECASE
)
_OPERATORS = frozenset({"AND", "OR", "NOT"})

_IN_QUOTES = "punctuation is written in quotes"
_EXCLUDING = "- excludes what follows it, and stands before a field: -headline:…"
_WITHIN = f"- excludes only at the beginning of a word, behind a blank; {_IN_QUOTES}"
_EXCEPTING = "! stands right behind a word and right before what it is not to be part of"
_NEARNESS = '~n stands right behind a quoted text, before a blank or punctuation: "…"~5'


class Slip(NamedTuple):
    """What is wrong, and where."""

    reason: str
    place: int


class Word(NamedTuple):
    """What is written without a blank from `start` to `end`, as typed and with folded signs."""

    text: str
    operators: str
    start: int
    end: int

    def slip(self, units: Sequence[re.Match[str]]) -> Slip | None:
        """The first thing that is wrong around the units, of which there are some."""
        return next(self._slips(units), None)

    def _slips(self, units: Sequence[re.Match[str]]) -> Iterator[Slip]:
        before: re.Match[str] | None = None
        for unit in units:
            yield from self._sign(before, unit.start(), unit)
            yield from self._name(unit)
            before = unit
        if self.operators[self.end : self.end + 1] in {"(", *MARKS}:
            yield from self._sign(before, self.end, None)

    def _sign(
        self, before: re.Match[str] | None, end: int, unit: re.Match[str] | None
    ) -> Iterator[Slip]:
        """Between two units, before the first, or before the bracket behind the last."""
        start = before.end() if before else self.start
        if _DISTANCE.match(self.operators, start) and self._quoted(before):
            yield Slip(_NEARNESS, start)
        found = _SIGN.search(self.text, start, end)
        if found is None or found[1].strip("！") == "":
            return
        place, sign = found.start(), found[1][0]
        behind = before is not None and unit is not None and place == start
        if sign in "!！":
            if not (behind and end - start == 1):
                other = _IN_QUOTES if place > self.start else "- excludes"
                yield Slip(f"{_EXCEPTING}; {other}", place)
        elif not (behind and before and _joins(before)):
            yield Slip(self._minus(sign, place), place)

    def _minus(self, sign: str, place: int) -> str:
        if sign not in "-－":
            return f"{sign} is not the - that excludes; {_IN_QUOTES}"
        return _WITHIN if place > self.start else _EXCLUDING

    def _name(self, unit: re.Match[str]) -> Iterator[Slip]:
        """A field or an operator that is none because of what stands beside it."""
        field = _FIELD.match(self.operators, unit.start())
        if field and field.start(1) > self.start:
            name = field[1].lower()
            yield Slip(f"{name} stands at the beginning of a word", field.start(1))
        name = self.operators[unit.start() : unit.end()]
        if name in _OPERATORS:
            reason = f"{name} stands between blanks; what is to be found as it is, in quotes"
            yield Slip(reason, unit.start())

    def _quoted(self, before: re.Match[str] | None) -> bool:
        """Whether a quoted text, or a bracket, ends here."""
        if before is not None:
            return before[0][0] in MARKS
        return self.operators[: self.start].rstrip().rstrip("*").endswith((")", *MARKS))


def _joins(unit: re.Match[str]) -> bool:
    """Whether a - right behind it is punctuation, as between two letters."""
    return unit[0][0] not in MARKS and not re.match(rf"[*{INVISIBLE}]", unit[0][-1])
