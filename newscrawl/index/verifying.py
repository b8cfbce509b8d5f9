"""What no engine can decide of a query, decided on the texts of the catalogue.

Only the leaves are looked for that are in doubt, and only in versions that are: what engines found
by themselves is left to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from newscrawl.catalogue import texts
from newscrawl.catalogue.connection import Transaction
from newscrawl.index.engine import Reader, Seqs, Window
from newscrawl.index.plan import Listed, Plan, plan, text_plan
from newscrawl.query.hits import stands
from newscrawl.query.tree import Near, Node, Text, field_of, text_leaves
from newscrawl.text.runs import searchable_lines

MOST_TEXTS = 100_000
"""Texts in which one search looks for one leaf, in about 4 seconds, to know how many it finds;
for words that stand near each other it takes twice as long, and half as many are read.
"""
Known: TypeAlias = Mapping[Text, Listed]


def settled(
    reader: Reader, connection: Transaction, node: Node, titles: Mapping[str, str], upto: int | None
) -> Plan:
    """The plan of a query, exact unless that takes more than MOST_TEXTS."""
    planned = plan(node, titles)
    if planned.exact:
        return planned
    doubt = planned.doubt
    leaves = list(dict.fromkeys(each for each in text_leaves(node) if not text_plan(each).exact))
    each = sum(2 if isinstance(leaf, Near) else 1 for leaf in leaves)
    if reader.search(doubt, Window(limit=0, upto=upto)).total * each > MOST_TEXTS:
        return planned
    return plan(node, titles, verified(connection, reader.seqs(doubt, upto), leaves))


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
