"""Texts that may be recorded in one transaction, compared with each other before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from newscrawl.catalogue.prospects import MOST_COMPARED, window
from newscrawl.text.reprints import Body, is_reprint


@dataclass(eq=False, slots=True)
class _Mate:
    digest: str
    day: str
    text: str
    kin: int
    """Of those that were found to be one report, each with one before it."""


@dataclass(slots=True)
class Mates:
    """What one view was asked for and does not show; forgotten with that view.

    For one thread. A verdict is about two texts whatever becomes of them: it depends neither on
    what is recorded in the end nor on the order.
    """

    _upto: int = -1
    _count: int = 0
    _sharing: dict[int, list[_Mate]] = field(default_factory=dict)

    def verdicts(self, upto: int, digest: str, day: str, body: Body) -> Mapping[str, bool]:
        """Whether earlier texts of near days, told by `contents.content_digest`, are the same
        report.

        `upto` tells the views apart. Those are left out that are of one report with a text that
        is the same as this one.
        """
        if upto != self._upto:
            self._upto, self._sharing = upto, {}
        near = window(day)
        if near is None:
            return {}
        since, until = (each.isoformat() for each in near)
        shared = Counter(
            mate
            for mark in body.marks
            for mate in self._sharing.get(mark, ())
            if since <= mate.day <= until
        )
        found: dict[str, bool] = {}
        kin: set[int] = set()
        compared = Body(body.text)  # what it makes for comparing is large, and not to be kept
        for mate, _marks in shared.most_common(MOST_COMPARED):
            if mate.kin not in kin:
                found[mate.digest] = is_reprint(compared, Body(mate.text))
                kin |= {mate.kin} if found[mate.digest] else set()
        self._add(_Mate(digest, day, body.text, min(kin, default=self._count)), body.marks)
        return found

    def _add(self, mate: _Mate, marks: list[int]) -> None:
        self._count += 1
        for mark in marks:
            self._sharing.setdefault(mark, []).append(mate)
