"""What is the Whoosh engine's own, beside what every engine has to do."""

from __future__ import annotations

import random
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from whoosh.index import open_dir
from whoosh.query import Or, Prefix, Term

from newscrawl.index.damage import IndexDamaged
from newscrawl.index.plan import All, Run, Some
from newscrawl.index.whoosh_engine import state, words
from newscrawl.items import Words
from tests.index.kinds import counting_parts, engine
from tests.index.shelf import Shelf, document, generated, written
from tests.makers import article

BODY = ("headline", "around", "body")
A_FERRY = Run(("渡口",), False, BODY)
A_RUN, ANOTHER = Run(("临空",), False, BODY), Run(("手机",), False, BODY)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    directory, kind = tmp_path_factory.mktemp("whoosh"), engine("whoosh")
    kind.create(directory)
    writer, shelf = kind.writer(directory), Shelf()
    written(writer, [shelf.add(each) for each in generated(60, random.Random(3))])
    writer.close()
    opened = kind.reader(directory)
    yield opened
    opened.close()


def test_an_open_reader_does_not_keep_the_log_of_a_side_table(tmp_path):
    kind, shelf, chance = engine("whoosh"), Shelf(), random.Random(5)
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    items = [replace(each, edition="2023-12-15") for each in generated(40, chance)]
    written(writer, [shelf.add(each) for each in items[:20]])
    opened = kind.reader(tmp_path)
    before = opened.seqs(A_RUN).tolist()
    written(writer, [shelf.add(each) for each in items[20:]])
    with sqlite3.connect(tmp_path / "2023-Q4" / "grams.db") as connection:
        busy, _pages, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.close()
    assert not busy
    assert opened.seqs(A_RUN).tolist() == before
    opened.close()
    writer.close()


QUARTERS = ("2023-02-01", "2023-05-01", "2023-08-01", "2023-12-15")


@pytest.fixture
def four_quarters(tmp_path):
    """An index of four versions, a quarter each, and its writer."""
    kind, shelf = engine("whoosh"), Shelf()
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    items = [article(number, edition=day) for number, day in enumerate(QUARTERS, 1)]
    written(writer, [shelf.add(each) for each in items])
    yield kind, tmp_path, writer, shelf
    writer.close()


@pytest.fixture
def opened_parts(monkeypatch):
    return counting_parts(monkeypatch)


def side_tables_open(directory):
    """Files of an index's side tables that this process has open."""
    held = [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return [file for file in held if file.is_relative_to(directory) and "grams.db" in file.name]


def test_only_the_quarters_that_have_changed_are_opened(four_quarters, opened_parts):
    kind, directory, writer, shelf = four_quarters
    first = kind.reader(directory)
    assert sorted(opened_parts) == ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4"]
    opened_parts.clear()
    written(writer, [shelf.add(article(5))])
    second = kind.reader(directory, first)
    assert opened_parts == ["2023-Q4"]
    written(writer, [shelf.add(article(1, edition="2024-02-01"), of=1)])
    third = kind.reader(directory, second)
    assert opened_parts == ["2023-Q4", "2024-Q1"]
    writer.rewrite(iter([document(2, shelf.articles[2])]), 1)
    writer.upkeep()
    fourth = kind.reader(directory, third)
    assert opened_parts == ["2023-Q4", "2024-Q1", "2023-Q2"]
    held = [reader.seqs(A_FERRY).tolist() for reader in (first, second, third, fourth)]
    assert held == [[1, 2, 3, 4], [1, 2, 3, 4, 5], [2, 3, 4, 5, 6], [2, 3, 4, 5, 6]]
    for reader in (first, second, third, fourth):
        reader.close()


def test_a_merge_of_segments_is_opened(four_quarters, opened_parts):
    kind, directory, writer, shelf = four_quarters
    for number in range(5, 5 + words.TOGETHER - 1):
        written(writer, [shelf.add(article(number))])
    before = kind.reader(directory)
    opened_parts.clear()
    writer.upkeep()
    after = kind.reader(directory, before)
    assert opened_parts == ["2023-Q4"]
    assert before.seqs(A_FERRY).tolist() == after.seqs(A_FERRY).tolist() == sorted(shelf.live())
    before.close()
    after.close()


def test_what_two_readers_share_is_closed_by_the_last(four_quarters):
    kind, directory, writer, shelf = four_quarters
    writer.upkeep(ending=True)  # closes its own
    first = kind.reader(directory)
    written(writer, [shelf.add(article(5))])
    writer.upkeep(ending=True)
    second = kind.reader(directory, first)
    first.close()
    first.close()
    assert second.seqs(A_FERRY).tolist() == [1, 2, 3, 4, 5]
    second.close()
    assert not side_tables_open(directory)


def test_of_what_is_closed_or_lies_elsewhere_nothing_is_shared(four_quarters, opened_parts):
    kind, directory, writer, _shelf = four_quarters
    writer.upkeep(ending=True)
    first = kind.reader(directory)
    first.close()
    second = kind.reader(directory, first)
    copy = shutil.copytree(directory, directory / "copy")
    third = kind.reader(copy, second)
    shutil.rmtree(copy)
    assert second.seqs(A_FERRY).tolist() == third.seqs(A_FERRY).tolist() == [1, 2, 3, 4]
    assert len(opened_parts) == 3 * len(QUARTERS)
    second.close()
    third.close()


def test_a_reader_that_cannot_be_opened_leaves_the_other_as_it_was(four_quarters):
    kind, directory, writer, shelf = four_quarters
    first = kind.reader(directory)
    new = (article(5), article(6, edition="2023-05-02"))
    written(writer, [shelf.add(each) for each in new])
    writer.upkeep(ending=True)
    grams = directory / "2023-Q4" / "grams.db"
    grams.rename(grams.with_suffix(".away"))
    with pytest.raises(IndexDamaged):
        kind.reader(directory, first)
    assert first.seqs(A_FERRY).tolist() == [1, 2, 3, 4]
    grams.with_suffix(".away").rename(grams)
    second = kind.reader(directory, first)
    first.close()
    assert second.seqs(A_FERRY).tolist() == [1, 2, 3, 4, 5, 6]
    second.close()
    assert not side_tables_open(directory)


def test_a_quarter_whose_write_was_cut_off_is_opened_with_the_next(four_quarters, monkeypatch):
    """Its side table and Whoosh are ahead of what the state tells."""
    kind, directory, writer, shelf = four_quarters
    writer.upkeep(ending=True)
    before = kind.reader(directory)
    made = [shelf.add(article(5), of=4), shelf.add(article(1, edition="2024-02-01"), of=1)]
    cut_off(kind, directory, made, monkeypatch)
    same = kind.reader(directory, before)
    ahead = kind.reader(directory)
    again = kind.writer(directory)
    written(again, made)
    after, beside = kind.reader(directory, same), kind.reader(directory, ahead)
    for reader in (before, same, ahead):
        assert reader.seqs(A_FERRY).tolist() == [1, 2, 3, 4]
    for reader in (after, beside):
        assert reader.seqs(A_FERRY).tolist() == [2, 3, 5, 6]
    for reader in (before, same, ahead, after, beside):
        reader.close()
    again.close()


@pytest.mark.parametrize("depth", range(1, 33))
def test_brackets_deeper_than_sqlite_reads_are_answered(reader, depth):
    some, every = A_RUN, A_RUN
    for _ in range(depth):
        some, every = Some((ANOTHER, All((A_RUN, some)))), All((A_RUN, Some((ANOTHER, every))))
    either = reader.seqs(Some((A_RUN, ANOTHER))).tolist()
    assert reader.seqs(some).tolist() == either
    assert reader.seqs(every).tolist() == reader.seqs(A_RUN).tolist()


def row(seq):
    names = ("day", "paper", "page", "page_name", "shown_page", "source")
    return {"seq": seq} | dict.fromkeys(names, 1)


def test_whoosh_itself_reads_what_is_written(tmp_path):
    words.create(tmp_path)
    writer = words.WordsWriter(tmp_path)
    for seq, headline in enumerate([["渡口", "通航"], ["渡口"], ["通航", "通航"]], 1):
        writer.add(row(seq), Words("", " ".join(headline), "", "", ""))
        writer.commit()
    writer.close()
    with open_dir(tmp_path).searcher() as searcher:

        def found(query):
            return [hit.docnum + 1 for hit in searcher.search(query)]

        assert sorted(found(Term("words", "渡口"))) == [1, 2]
        assert found(Term("words", "通航")) == [3, 1]
        assert sorted(found(Or([Term("words", "渡口"), Term("words", "通航")]))) == [1, 2, 3]
        assert sorted(found(Prefix("words", "渡"))) == [1, 2]
        assert found(Term("words", "轮渡")) == []


def cut_off(kind, directory, documents, monkeypatch):
    """A write whose parts are committed, and of which the state was never told."""

    def killed(*_words):
        raise KeyboardInterrupt

    writer = kind.writer(directory)
    with monkeypatch.context() as patched:
        patched.setattr(state, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            written(writer, documents)
    writer.close()


def test_f1_a_quarter_whose_making_was_cut_off_is_made_anew(tmp_path):
    kind = engine("whoosh")
    kind.create(tmp_path)
    (tmp_path / "2023-Q4" / "whoosh").mkdir(parents=True)
    writer = kind.writer(tmp_path)
    written(writer, [document(1, article(1))])
    writer.close()
    reader = kind.reader(tmp_path)
    assert reader.count() == 1
    reader.close()


# Whoosh leaves a file open when it cannot read it.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("pattern", ["*.lists", "*.toc"])
def test_f3_a_damaged_commit_of_which_nobody_was_told_is_named(tmp_path, monkeypatch, pattern):
    kind = engine("whoosh")
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    written(writer, [document(1, article(1))])
    writer.close()
    before = set(tmp_path.glob(f"*/whoosh/{pattern}"))
    cut_off(kind, tmp_path, [document(2, article(2))], monkeypatch)
    assert list(kind.damaged(tmp_path)) == []
    [fresh] = set(tmp_path.glob(f"*/whoosh/{pattern}")) - before
    fresh.write_bytes(b"")
    assert list(kind.damaged(tmp_path)) != []


def test_f14_what_a_cut_off_write_left_has_the_words_of_the_next(tmp_path, monkeypatch):
    kind = engine("whoosh")
    kind.create(tmp_path)
    writer = kind.writer(tmp_path)
    written(writer, [document(1, article(1))])
    writer.close()
    made = document(2, article(2))
    cut_off(kind, tmp_path, [made], monkeypatch)
    other = replace(made.words, headline="第2号渡口")
    writer = kind.writer(tmp_path)
    written(writer, [replace(made, words=other)])
    writer.close()
    reader = kind.reader(tmp_path)
    assert reader.count() == 2
    assert "第2号渡口" in reader.beginning("第")
    reader.close()
