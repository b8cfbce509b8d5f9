"""An index follows the user's dictionary: exactly what a change concerns is indexed anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from newscrawl.catalogue import dictionary as words_of_user
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.index import dictionary
from newscrawl.index.damage import IndexDamaged
from newscrawl.index.dictionary import Covered
from newscrawl.index.documents import Given, documents_of
from newscrawl.index.engine import Engine, Reader, Window, Writer
from newscrawl.index.plan import EVERYTHING
from newscrawl.index.reach import Reach
from tests.index.kinds import KINDS, engine
from tests.makers import article, catalogue, record

BODIES = {
    1: "临空经济示范区昨日挂牌。",
    2: "临空的经济示范区没有挂牌。",
    3: "記者來到臨空經濟示範區。",
    4: "周知行说，渡口恢复通航。",
    5: "市民称赞出行方便。",
}


class Killed(BaseException):
    """Ends a rewriting where a kill would."""


@dataclass
class Place:
    """A catalogue and an index of some articles."""

    build: Path
    engine: Engine
    made: Catalogue
    rewritten: list[int] = field(default_factory=list)

    def want(self, *words: str, drop: tuple[str, ...] = ()) -> None:
        with self.made.write() as connection:
            words_of_user.add(connection, words)
            words_of_user.remove(connection, drop)

    def follow(self, killed_after: int | None = None) -> int:
        """Follow the dictionary, noting what is rewritten."""
        cut = dictionary.wanted(self.made)
        with self.reading() as reader:
            writer = Counting(self.engine.writer(self.build), self.rewritten, killed_after)
            try:
                return dictionary.follow(self.build, reader, writer, self.made, cut)
            finally:
                writer.close()

    def ranked(self, word: str) -> list[int]:
        """The versions that have a word of the index."""
        with self.reading() as reader:
            hits = reader.search(EVERYTHING, Window(words=(word,), limit=100)).hits
            return sorted(seq for seq, score in hits if score > 0)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        reader = self.engine.reader(self.build)
        try:
            yield reader
        finally:
            reader.close()


class Counting:
    """A writer that notes what it rewrites, and may be killed."""

    def __init__(self, writer: Writer, rewritten: list[int], killed_after: int | None) -> None:
        self._writer = writer
        self._rewritten = rewritten
        self._left = killed_after

    def rewrite(self, documents, count):
        every = list(documents)
        assert len(every) <= count
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise Killed
        self._rewritten += [document.seq for document in every]
        self._writer.rewrite(iter(every), count)

    def upkeep(self, *, ending=False):
        self._writer.upkeep(ending=ending)

    def close(self):
        self._writer.close()


@pytest.fixture(params=KINDS)
def place(request, tmp_path):
    kind, build = engine(request.param), tmp_path / "build"
    made = catalogue(tmp_path / "newscrawl.db")
    items = [article(seq, headline="", paragraphs=[body]) for seq, body in BODIES.items()]
    record(made, *items)
    build.mkdir()
    kind.create(build)
    writer = kind.writer(build)
    with made.read() as connection:
        found = versions.after(connection, 0, 100)
    writer.write(documents_of(map(Given, found)), len(found), Reach(found[-1].seq))
    writer.close()
    yield Place(build, kind, made)
    made.close()


def test_only_what_contains_the_word_is_indexed_anew(place):
    place.want("临空经济示范区")
    assert place.follow() == 2
    assert place.rewritten == [1, 3]
    assert place.ranked("临空经济示范区") == [1, 3]
    assert place.follow() == 0


def test_words_of_two_scripts_and_words_that_stand_nowhere(place):
    place.want("5g渡口", "钱塘江大桥")
    assert place.follow() == 0
    assert dictionary.covered(place.build).words == ("5g渡口", "钱塘江大桥")


def test_a_word_that_is_removed_is_no_word_any_more(place):
    place.want("临空经济示范区", "周知行")
    place.follow()
    place.rewritten.clear()
    place.want(drop=("周知行",))
    assert place.follow() == 1
    assert place.rewritten == [4]
    assert place.ranked("周知行") == []
    assert place.ranked("临空经济示范区") == [1, 3]


def test_what_was_interrupted_is_taken_up_again(place, monkeypatch):
    monkeypatch.setattr(dictionary, "BATCH", 1)
    place.want("临空经济示范区")
    with pytest.raises(Killed):
        place.follow(killed_after=1)
    assert place.ranked("临空经济示范区") == [1]
    assert place.follow() == 2
    assert place.ranked("临空经济示范区") == [1, 3]
    assert dictionary.covered(place.build) == Covered(("临空经济示范区",))


def test_a_change_that_is_taken_back_after_an_interruption_leaves_no_trace(place, monkeypatch):
    monkeypatch.setattr(dictionary, "BATCH", 1)
    place.want("临空经济示范区")
    with pytest.raises(Killed):
        place.follow(killed_after=1)
    place.want("周知行", drop=("临空经济示范区",))
    assert place.follow() == 3
    assert place.ranked("临空经济示范区") == []
    assert place.ranked("周知行") == [4]
    assert dictionary.outdated(place.build, dictionary.wanted(place.made)) == frozenset()


def test_a_killed_note_leaves_the_one_before(tmp_path):
    dictionary.note(tmp_path, Covered(("周知行",)))
    (tmp_path / "dictionary.json.new").write_text('{"wor')
    assert dictionary.covered(tmp_path) == Covered(("周知行",))


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"words": 5, "changing": []}', "\0\0"])
def test_words_that_cannot_be_read_are_said_so(tmp_path, content):
    (tmp_path / "dictionary.json").write_text(content)
    with pytest.raises(IndexDamaged, match=r"dictionary\.json: damaged"):
        dictionary.covered(tmp_path)


def test_many_words_at_once(place):
    place.want("临空经济示范区", "周知行", *(f"第{number}号桥" for number in range(300)))
    assert place.follow() == 3
    assert place.rewritten == [1, 3, 4]
