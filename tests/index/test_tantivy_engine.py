from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from newscrawl.index.engine import Window
from newscrawl.index.plan import EVERYTHING, All, Days, Run
from newscrawl.index.reach import Reach
from tests.index.kinds import engine
from tests.index.shelf import Shelf, document, generated, written
from tests.makers import article

pytest.importorskip("tantivy", reason="the tantivy engine is optional, and not installed")


@pytest.fixture
def index(tmp_path):
    """Three articles, the first of them written again as version 4."""
    kind = engine("tantivy")
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    written(writer, [document(seq, article(seq)) for seq in (1, 2, 3)])
    yield kind, tmp_path, writer
    writer.close()


def again(old: int, seq: int):
    return document(seq, article(old), (old,))


def test_a_commit_without_its_mark_is_not_seen_and_is_taken_back(index, monkeypatch):
    from newscrawl.index.tantivy_engine import state

    kind, directory, writer = index

    def full(*_arguments):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(state, "write", full)
        with pytest.raises(OSError, match="disk full"):
            written(writer, [again(1, 4)])
    reader = kind.reader(directory)
    assert reader.mark == kind.reached(directory).mark == 3
    assert reader.seqs(EVERYTHING).tolist() == [1, 2, 3]
    assert reader.count() == reader.search(EVERYTHING, Window(words=("渡口",))).total == 3
    writer.write(iter(()), 0, Reach(4))
    assert kind.reader(directory).seqs(EVERYTHING).tolist() == [1, 2, 3]
    written(writer, [again(1, 5)])
    assert kind.reader(directory).seqs(EVERYTHING).tolist() == [2, 3, 5]
    assert kind.reader(directory).count() == 3


def test_an_earlier_state_lasts_until_enough_was_replaced_since(index, monkeypatch):
    from newscrawl.index.tantivy_engine import writer as module

    kind, directory, writer = index
    monkeypatch.setattr(module, "KEPT", 1)
    written(writer, [again(1, 4)])
    writer.upkeep(ending=True)
    reader = kind.reader(directory)
    assert reader.seqs(EVERYTHING, 3).tolist() == [1, 2, 3]
    assert reader.seqs(EVERYTHING).tolist() == [2, 3, 4]
    written(writer, [again(2, 5)])
    writer.upkeep()
    assert kind.reader(directory).seqs(EVERYTHING, 3).tolist() == [1, 2, 3]
    writer.upkeep(ending=True)
    assert reader.seqs(EVERYTHING, 3).tolist() == [1, 2, 3]
    assert kind.reader(directory).seqs(EVERYTHING, 4).tolist() == [2, 3, 4]
    assert kind.reader(directory).seqs(EVERYTHING, 3).tolist() == [2, 3]
    assert kind.reader(directory).seqs(EVERYTHING).tolist() == [3, 4, 5]


def test_a_beginning_of_very_many_grams_is_found(tmp_path):
    """In one piece Tantivy would refuse it."""
    kind = engine("tantivy")
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    numbers = ["，".join(f"编号{many * 1_000 + one}" for one in range(1_000)) for many in range(20)]
    written(
        writer,
        [document(seq, article(1, paragraphs=[text])) for seq, text in enumerate(numbers, 1)],
    )
    reader = kind.reader(tmp_path)
    for prefix in ("1", "12", "1999", "7"):
        run = Run(("号", prefix), True, ("headline", "body"))
        expected = [seq for seq, text in enumerate(numbers, 1) if f"号{prefix}" in text]
        assert reader.seqs(run).tolist() == expected
        assert reader.seqs(All((run, Days()))).tolist() == expected
    writer.close()


def test_the_newer_of_two_alike_is_ranked_higher(tmp_path):
    kind = engine("tantivy")
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    days = ("2023-12-01", "2023-12-15", "2019-12-01", "2023-11-01")
    written(writer, [document(seq, article(1, edition=day)) for seq, day in enumerate(days, 1)])
    hits = kind.reader(tmp_path).search(EVERYTHING, Window(words=("渡口",))).hits
    assert [seq for seq, _score in hits] == [2, 1, 4, 3]
    assert hits[0][1] > hits[1][1] > hits[2][1] > hits[3][1] > 0
    writer.close()


class Counting:
    """A searcher that counts what it is asked."""

    def __init__(self, searcher) -> None:
        self.searcher = searcher
        self.searches = 0

    def search(self, *asked, **how):
        self.searches += 1
        return self.searcher.search(*asked, **how)

    def __getattr__(self, name):
        return getattr(self.searcher, name)


@pytest.mark.parametrize("better", [0, 60, 95])
def test_equal_scores_where_recency_ends_cost_a_page_no_second_search(tmp_path, better):
    """Some articles name the word more often, each of the others once: these all score the same."""
    kind = engine("tantivy")
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    days = [f"20{20 + n % 4}-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(300)]
    texts = ["渡口" * (2 + n % 5) if n < better else "渡口" for n in range(300)]
    every = [
        document(n + 1, article(1, edition=day, headline="", paragraphs=[f"{text}。"]))
        for n, (day, text) in enumerate(zip(days, texts, strict=True))
    ]
    written(writer, every, 300)
    reader = kind.reader(tmp_path)
    window = Window(words=("渡口",), limit=300)
    whole = reader.search(EVERYTHING, window).hits
    assert {seq for seq, _score in whole[:better]} == set(range(1, better + 1))
    newest = sorted(range(better, 300), key=lambda n: days[n], reverse=True)
    assert [seq for seq, _score in whole[better:]] == [n + 1 for n in newest]
    pages = [replace(window, offset=offset, limit=20) for offset in range(0, 300, 20)]
    assert [hit for page in pages for hit in reader.search(EVERYTHING, page).hits] == whole
    reader._searcher = Counting(reader._searcher)
    reader.search(EVERYTHING, pages[0])
    assert reader._searcher.searches == (1 if better > 20 else 3)
    writer.close()


@pytest.mark.parametrize("crc", [b"1e999", b'"1"', b"null", b"NaN"])
def test_a_checksum_that_is_no_number_names_its_file(tmp_path, crc):
    kind, shelf = engine("tantivy"), Shelf()
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    written(writer, [shelf.add(each) for each in generated(5, random.Random(1))])
    writer.close()
    damaged = next(tmp_path.glob("*.term"))
    content = damaged.read_bytes()
    noted = re.search(rb'"crc":(\d+)', content)
    assert noted is not None
    footer = content[noted.start(1) : noted.end(1)]
    size = int.from_bytes(content[-8:-4], "little") + len(crc) - len(footer)
    damaged.write_bytes(
        content[: noted.start(1)] + crc + content[noted.end(1) : -8]
        + size.to_bytes(4, "little") + content[-4:]
    )  # fmt: skip
    assert list(kind.damaged(tmp_path)) == [damaged.name]
