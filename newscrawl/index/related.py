"""Articles about what one article is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newscrawl.catalogue import log, stories
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.versions import Version
from newscrawl.index.documents import words_of
from newscrawl.index.engine import Reader, Window
from newscrawl.index.plan import Some, text_plan
from newscrawl.index.telling import telling, weights_of
from newscrawl.query.subject import subject_of
from newscrawl.query.tree import Term
from newscrawl.text.segment import Segmenter

LOOKED_AT = 60
"""Of the best ranked, so many are looked at: reprints of what is shown already are passed."""
IN_COMMON = 2
"""So many of the telling words two articles must share: by one word all kinds of things meet."""


def related(
    reader: Reader, connection: Transaction, version: Version, cut: Segmenter, most: int = 5
) -> list[Version]:
    """The versions nearest to `version`, the best first, one of each story and none of its own."""
    written = words_of(version.article, cut)
    words = telling(written, reader.frequencies(weights_of(written)), reader.count())
    wanted = Some(tuple(text_plan(Term(word)).possible for word in words))
    found = reader.search(wanted, Window(words=tuple(words), limit=LOOKED_AT))
    ranked = [seq for seq, _score in found.hits if seq != version.seq]
    shown = {stories.of_seqs(connection, [version.seq]).get(version.seq)}
    story_of = stories.of_seqs(connection, ranked)
    near: list[Version] = []
    for other in _sharing(connection, ranked, words):
        if len(near) < most and story_of[other.seq] not in shown:
            shown.add(story_of[other.seq])
            near.append(other)
    return near


def _sharing(
    connection: Transaction, ranked: Sequence[int], words: Sequence[str]
) -> Iterator[Version]:
    """Of some versions those that can be read with enough of the words, in the same order."""
    entries = log.named(connection, ranked)
    there = {each.seq: each for each in entries if isinstance(each, Version)}
    for seq in (each for each in ranked if each in there):
        text = "\n".join(subject_of(there[seq].article).texts(None))
        if sum(word in text for word in words) >= IN_COMMON:
            yield there[seq]
