"""What no engine can decide of a query, decided on the texts of the catalogue.

Only the leaves are looked for that are in doubt, and only in versions that are: what engines found
by themselves is left to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from newscrawl.catalogue import texts
from newscrawl.catalogue.connection import Transaction
from newscrawl.index.bounds import seconds
from newscrawl.index.engine import Reader, Seqs, Window
from newscrawl.index.plan import All, Expression, Listed, Plan, plan, text_plan
from newscrawl.query.hits import stands
from newscrawl.query.tree import Near, Node, Text, field_of, text_leaves
from newscrawl.text.runs import searchable_lines

TEXTS_A_SECOND = 25_000
"""In which one leaf is looked for, as measured; words near each other take twice as long."""
SHARE = 0.4
"""Of a search's seconds goes into counting by texts: the rest is for finding, for showing, and for
slower machines.
"""
Known: TypeAlias = Mapping[Text, Listed]


@dataclass(frozen=True, slots=True)
class Verifier:
    """Judges a query in one state of an index."""

    reader: Reader
    connection: Transaction
    node: Node
    titles: Mapping[str, str]
    """What each paper is called, where the query asks for papers."""
    upto: int | None

    def settled(self) -> Plan:
        """The plan of the query, exact unless more than `most_texts` are in doubt."""
        planned = plan(self.node, self.titles)
        if planned.exact:
            return planned
        each = sum(2 if isinstance(leaf, Near) else 1 for leaf in self._leaves())
        doubtful = self.reader.search(planned.doubt, Window(limit=0, upto=self.upto)).total
        return planned if doubtful * each > most_texts() else self._judged(planned.doubt)

    def among(self, seqs: Iterable[int]) -> set[int]:
        """Which of some versions match, however many others there are."""
        some = Listed(np.array(sorted(seqs), np.int64))
        judged = self._judged(All((plan(self.node, self.titles).doubt, some)))
        return set(self.reader.seqs(All((judged.sure, some)), self.upto).tolist())

    def _judged(self, doubt: Expression) -> Plan:
        """A plan that is exact for all that is not in doubt, and for what is in this one."""
        seqs = self.reader.seqs(doubt, self.upto)
        return plan(self.node, self.titles, verified(self.connection, seqs, self._leaves()))

    def _leaves(self) -> list[Text]:
        doubtful = (leaf for leaf in text_leaves(self.node) if not text_plan(leaf).exact)
        return list(dict.fromkeys(doubtful))


def most_texts() -> int:
    """In how many texts one search looks for one leaf to know how many it finds: as many as its
    seconds allow. By number and not by the clock, so that the same search says the same again.
    """
    return round(seconds() * SHARE * TEXTS_A_SECOND)


def verified(connection: Transaction, seqs: Seqs, leaves: Sequence[Text]) -> Known:
    """In which of these versions each leaf stands."""
    found: dict[Text, list[int]] = {leaf: [] for leaf in leaves}
    for field in {field_of(leaf) for leaf in leaves}:
        asked = [leaf for leaf in leaves if field_of(leaf) == field]
        for seq, text in texts.lines(connection, seqs.tolist(), field):
            lines = searchable_lines(text).split("\n")
            for leaf in asked:
                if stands(leaf, lines):
                    found[leaf].append(seq)
    return {leaf: Listed(np.array(having, np.int64)) for leaf, having in found.items()}
