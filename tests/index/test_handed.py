"""Words that are handed to the indexer are kept only as long as they can spare it work."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from newscrawl.index.handed import KEPT, Handed, line
from newscrawl.items import Words

WORDS = Words("jieba", "杭州", "", "开会", "")


@pytest.fixture
def pipe() -> Iterator[tuple[Handed, Callable[[int], None]]]:
    """What is handed, and how to hand a version's words."""
    source, target = os.pipe()
    with os.fdopen(source, "rb") as stream:
        yield Handed(stream), lambda seq: bool(os.write(target, line(seq, WORDS)))
        os.close(target)
        read_to_the_end()


def read_to_the_end() -> None:
    """Wait for those who read what is handed; nobody hands any more."""
    for thread in threading.enumerate():
        if thread.name == "handed":
            thread.join(timeout=5)


def taken(handed: Handed, seq: int) -> Words | None:
    """What arrives for a version within ten seconds."""
    for _ in range(1_000):
        if words := handed.take(seq):
            return words
        time.sleep(0.01)
    return None


def test_what_is_indexed_is_forgotten_even_if_it_arrives_later(pipe) -> None:
    handed, hand = pipe
    for seq in (1, 2, 3, 4):
        hand(seq)
    assert taken(handed, 4) == WORDS
    handed.forget(2)
    assert handed.take(1) is None
    assert handed.take(3) == WORDS
    hand(2)
    hand(5)
    assert taken(handed, 5) == WORDS
    assert handed.take(2) is None


def test_no_more_is_kept_than_a_batch() -> None:
    handed = Handed(io.BytesIO(b"".join(line(seq, WORDS) for seq in range(1, KEPT + 3))))
    read_to_the_end()
    assert [handed.take(seq) for seq in range(1, KEPT + 3)] == [WORDS] * KEPT + [None] * 2


def test_what_is_taken_makes_room(pipe) -> None:
    handed, hand = pipe
    for seq in range(1, KEPT + 1):
        hand(seq)
    assert taken(handed, KEPT) == WORDS  # the last of them, so that all are there
    hand(KEPT + 5)
    assert taken(handed, KEPT + 5) == WORDS
