"""Words that a crawl has already made, handed to the indexer as lines on its standard input."""

from __future__ import annotations

import json
import threading
from dataclasses import fields
from typing import IO

from newscrawl.items import Words

KEPT = 1000
"""Versions whose words are kept at most; the others are segmented again from the catalogue."""
_FIELDS = tuple(each.name for each in fields(Words))


def line(seq: int, words: Words) -> bytes:
    """One version's words as a line."""
    values = {name: getattr(words, name) for name in _FIELDS}
    return json.dumps([seq, values], ensure_ascii=False).encode() + b"\n"


class Handed:
    """What was handed so far, read by a thread of its own so that no sender waits."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.words: dict[int, Words] = {}
        self._mark = 0
        self._stream = stream
        self._arrived = threading.Event()
        threading.Thread(target=self._read, name="handed", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Return when something arrives, at the latest after some seconds."""
        self._arrived.wait(seconds)
        self._arrived.clear()

    def forget(self, mark: int) -> None:
        """Let go of what is indexed already, also of what comes later than that."""
        self._mark = mark
        for seq in [seq for seq in list(self.words) if seq <= mark]:
            del self.words[seq]

    def _read(self) -> None:
        for text in self._stream:
            if not text.endswith(b"\n"):
                return
            seq, words = json.loads(text)
            if seq > self._mark and len(self.words) < KEPT:
                self.words[seq] = Words(**words)
            self._arrived.set()
