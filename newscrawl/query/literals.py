"""The strings that queries look for, and an article's texts laid out to look for them in.

A literal is text as it stands in a folded article, with an EDGE at either end where no Latin word
or number may go on: `＿ai＿` does not stand in `main`, and `ai*` is looked for as `＿ai`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from newscrawl.query.needles import Span, joined, needle
from newscrawl.query.subject import Subject, folded
from newscrawl.query.tree import Guard, Named, NameField, Term, TextField
from newscrawl.text.runs import HAN

Places: TypeAlias = int
"""Places in an article, a bit each."""
HEADLINE, AROUND, BODY, SOURCE, AUTHOR, NAMES = (1 << place for place in range(6))
ANYWHERE: Places = HEADLINE | AROUND | BODY
"""Where a word is looked for that names no field; around are kicker and subhead."""
_OTHERS = NAMES.bit_length() - ANYWHERE.bit_length()
"""How many places come behind these."""
FIELDS: Mapping[TextField | None, Places] = {
    None: ANYWHERE,
    "headline": HEADLINE,
    "body": BODY,
    "source": SOURCE,
    "author": AUTHOR,
}

EDGE = "＿"
"""Like the other signs of literals it is full-width, so that no folded text has it."""
_APART_FROM, _OR = "！｜"
"""Between what a guard looks for and its exceptions."""
_BRACKETS: Mapping[NameField, tuple[str, str]] = {"paper": ("［", "］"), "page": ("｛", "｝")}
"""Around a whole name."""
_NAMED = frozenset(before for before, _behind in _BRACKETS.values())
_LATIN = re.compile(rf"[^\W_{HAN}]")
_NEXT_PLACE = "\f"


def literals(term: Term) -> tuple[str, ...]:
    """One of these stands in every article in which `term` does, and in no other."""
    return tuple(
        _edge(text[:1]) + text + ("" if term.prefix else _edge(text[-1:]))
        for text in needle(term.text, term.prefix).texts
    )


def guard_literals(guard: Guard) -> Iterator[tuple[str, str]]:
    """Literals one of which stands where `guard` is true, each with how it says so.

    It is true where `stands_apart` of any of these.
    """
    exceptions = dict.fromkeys(text for each in guard.exceptions for text in literals(each))
    for text in literals(guard.term):
        yield text, f"{text}{_APART_FROM}{_OR.join(exceptions)}"


def is_guard(literal: str) -> bool:
    """Whether it is one of those that `stands_apart` looks for."""
    return _APART_FROM in literal


def name_literal(named: Named) -> str:
    """What stands among the names of the articles whose paper or page is called so."""
    before, behind = _BRACKETS[named.field]
    return f"{before}{folded(named.text)}{behind}"


def weight(literal: str) -> int:
    """How rare it is likely to be: three for a Han character, one for a letter or digit.

    A name is as common as a paper or page, and a guard is looked for in no text.
    """
    if is_guard(literal) or literal[0] in _NAMED:
        return 0
    return len(literal.strip(EDGE).encode())


def laid_out(subject: Subject) -> str:
    """All texts of an article, each apart from the others, place after place."""
    return _NEXT_PLACE.join(
        (
            subject.headline,
            f"{subject.kicker}\n{subject.subhead}",
            "\n".join(subject.body),
            subject.source,
            "\n".join(subject.authors),
            _names(subject),
        )
    )


def places_of(text: str) -> Iterator[tuple[Places, str]]:
    """Each place of an article that is laid out so, and what stands in it."""
    for place, part in enumerate(text.split(_NEXT_PLACE)):
        yield 1 << place, part


def words_end(text: str) -> int:
    """Where the places end that are ANYWHERE, in an article that is laid out so."""
    return len(text.rsplit(_NEXT_PLACE, _OTHERS)[0])


def stands(literal: str, text: str) -> bool:
    """Whether a literal stands in a text."""
    return any(_spans(literal, text))


def stands_apart(literal: str, text: str) -> bool:
    """Whether what a guard's literal looks for stands in a text as part of no exception."""
    wanted, _sign, exceptions = literal.partition(_APART_FROM)
    if wanted.strip(EDGE) not in text:
        return False
    covers = sorted(span for each in exceptions.split(_OR) for span in _spans(each, text))
    place = covered = 0
    for start, end in _spans(wanted, text):
        while place < len(covers) and covers[place][0] <= start:
            covered = max(covered, covers[place][1])
            place += 1
        if end > covered:
            return True
    return False


def _spans(literal: str, text: str) -> Iterator[Span]:
    wanted = literal.strip(EDGE)
    begins, ends = literal[:1] == EDGE, literal[-1:] == EDGE
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if not (begins and joined(text, start)) and not (ends and joined(text, end)):
            yield start, end
        start = text.find(wanted, start + 1)


def _names(subject: Subject) -> str:
    return "".join(
        [
            f"{before}{name}{behind}"
            for field, (before, behind) in _BRACKETS.items()
            for name in subject.names(field)
            if name
        ]
    )


def _edge(character: str) -> str:
    return EDGE if _LATIN.match(character) else ""
