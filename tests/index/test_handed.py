"""Words that are handed to the indexer are kept only as long as they can spare it work."""

from __future__ import annotations

import os
import threading
import time

from newscrawl.index.handed import Handed, line
from newscrawl.items import Words

WORDS = Words("jieba", ["杭州"], [], ["开会"], [])


def handed_in(seqs: list[int], handed: Handed, pipe: int, last: int) -> None:
    for seq in seqs:
        os.write(pipe, line(seq, WORDS))
    for _ in range(200):
        if last in handed.words:
            return
        time.sleep(0.01)
    raise AssertionError(f"{last} never arrived: {handed.words}")


def test_what_is_indexed_is_forgotten_even_if_it_arrives_later() -> None:
    source, target = os.pipe()
    with os.fdopen(source, "rb") as stream:
        handed = Handed(stream)
        handed_in([1, 2, 3], handed, target, 3)
        handed.forget(2)
        assert set(handed.words) == {3}
        handed_in([2, 4], handed, target, 4)
        assert set(handed.words) == {3, 4}
        assert handed.words[4] == WORDS
        os.close(target)
        for thread in threading.enumerate():
            if thread.name == "handed":
                thread.join(timeout=5)
