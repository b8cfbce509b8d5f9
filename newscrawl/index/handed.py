"""Words that a crawl has already made, handed to the indexer as lines on its standard input."""

from __future__ import annotations

import json
import threading
from dataclasses import fields
from typing import IO

from newscrawl.items import Words

KEPT = 250
"""Versions whose words are kept at most; the others are segmented again from the catalogue."""
_FIELDS = tuple(each.name for each in fields(Words))


def line(seq: int, words: Words) -> bytes:
    """One version's words as a line: its number, a blank, JSON."""
    values = {name: getattr(words, name) for name in _FIELDS}
    return f"{seq} {json.dumps(values, ensure_ascii=False)}\n".encode()


class Handed:
    """What was handed so far, read by a thread of its own so that no sender waits."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._lines: dict[int, bytes] = {}  # a third of the size of the words in them
        self._mark = 0
        self._stream = stream
        self._arrived = threading.Event()
        threading.Thread(target=self._read, name="handed", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Return when something arrives, at the latest after some seconds."""
        self._arrived.wait(seconds)
        self._arrived.clear()

    def take(self, seq: int) -> Words | None:
        """The words of a version, once; None if they were not handed or not kept."""
        text = self._lines.pop(seq, None)
        return Words(**json.loads(text)) if text else None

    def forget(self, mark: int) -> None:
        """Let go of what is indexed already, also of what comes later than that."""
        self._mark = mark
        for seq in [seq for seq in list(self._lines) if seq <= mark]:
            self._lines.pop(seq, None)

    def _read(self) -> None:
        for text in self._stream:
            if not text.endswith(b"\n"):
                return
            number, _, words = text.partition(b" ")
            if int(number) > self._mark and len(self._lines) < KEPT:
                self._lines[int(number)] = words
            self._arrived.set()
