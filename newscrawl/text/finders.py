"""Which of many pieces stand in bytes, however they are written there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from ahocorasick_rs import BytesAhoCorasick

FEW = 20_000
"""Forms of pieces for which one automaton is made; of more it would take hundreds of megabytes."""
_WIDTHS = (12, 6)
"""Bytes that are looked up of the beginning of a form: 12 of one that has so many."""


class Finder(Protocol):
    """Looks for pieces of six characters at least."""

    def standing(self, data: bytes) -> Iterator[str]:
        """Those that stand there, some of them several times."""


@lru_cache(maxsize=8)
def finder(pieces: frozenset[str], encodings: Sequence[str]) -> Finder:
    """One for pieces that may be written in any of these encodings."""
    forms = {each.encode(name, "ignore"): each for each in pieces for name in encodings}
    forms = {form: each for form, each in forms.items() if len(form) >= min(_WIDTHS)}
    return _Automaton(forms) if len(forms) <= FEW else _Starts(forms)


class _Automaton:
    """One pass, as fast as memory is read."""

    def __init__(self, forms: Mapping[bytes, str]) -> None:
        self._pieces = list(forms.values())
        self._forms = BytesAhoCorasick(list(forms)) if forms else None

    def standing(self, data: bytes) -> Iterator[str]:
        if self._forms is not None:
            for number, _start, _end in self._forms.find_matches_as_indexes(data, overlapping=True):
                yield self._pieces[number]


class _Starts:
    """Every place is looked up, whatever the number of forms; nothing is kept of the bytes."""

    def __init__(self, forms: Mapping[bytes, str]) -> None:
        self._forms = forms
        self._by_width: dict[int, dict[bytes, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        for form in forms:
            width = next(each for each in _WIDTHS if each <= len(form))
            self._by_width[width][form[:width]].append(form)

    def standing(self, data: bytes) -> Iterator[str]:
        for width, forms in self._by_width.items():
            for at in range(len(data) - width + 1):
                for form in forms.get(data[at : at + width], ()):
                    if data.startswith(form, at):
                        yield self._forms[form]
