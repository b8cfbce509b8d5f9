"""What is the Whoosh engine's own, beside what every engine has to do."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import replace

import pytest
from whoosh.index import open_dir
from whoosh.query import Or, Prefix, Term

from newscrawl.index.plan import All, Run, Some
from newscrawl.index.whoosh_engine import state, words
from newscrawl.items import Words
from tests.index.kinds import engine
from tests.index.shelf import Shelf, document, generated, written
from tests.makers import article

BODY = ("headline", "around", "body")
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
    other = replace(made.words, headline=["第2号渡口"])
    writer = kind.writer(tmp_path)
    written(writer, [replace(made, words=other)])
    writer.close()
    reader = kind.reader(tmp_path)
    assert reader.count() == 2
    assert "第2号渡口" in dict(reader.vocabulary())
    reader.close()
