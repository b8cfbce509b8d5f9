"""The side table of a part is tidied in steps, and only when it is worth it."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from newscrawl.index.whoosh_engine import side_table
from newscrawl.index.whoosh_engine.side_table import GramReader, GramWriter
from newscrawl.index.whoosh_engine.table import problems


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(side_table, "STEP_PAGES", 4)
    made = tmp_path / "grams.db"
    side_table.create(made)
    return made


def filled(writer, first, count):
    chance = random.Random(first)
    for seq in range(first, first + count):
        grams = " ".join(f"甲{chr(0x4E00 + chance.randrange(2_000))}" for _number in range(200))
        writer.add(seq, {"body": grams}, (), ())
        if seq % 10 == 0:
            writer.commit(seq)
    writer.commit(first + count - 1)


def numbers(path, *names):
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]


def pieces(path):
    with closing(sqlite3.connect(path)) as connection:
        statement = "SELECT count(DISTINCT segid) FROM grams_idx"
        return connection.execute(statement).fetchone()[0]


def steps(most):
    """Says stop after so many; how many were taken."""
    taken = []
    return taken, lambda: len(taken) >= most or bool(taken.append(None))


def found(path):
    with closing(GramReader(path)) as reader:
        return [reader.matching(f'"甲{chr(0x4E00 + n)}"').tolist() for n in range(0, 2_000, 100)]


def test_a_small_addition_costs_a_small_step(path):
    with closing(GramWriter(path)) as writer:
        filled(writer, 1, 300)
        many, never = steps(10_000)
        writer.tidy(never)
        [tidied] = numbers(path, "user_version")
        assert pieces(path) == 1
        assert tidied > 50
        filled(writer, 301, 1)
        few, never = steps(10_000)
        writer.tidy(never)
        assert len(few) <= 3 < len(many)
        assert numbers(path, "user_version") == [tidied]


def test_what_has_grown_by_a_quarter_is_tidied_whole(path):
    with closing(GramWriter(path)) as writer:
        filled(writer, 1, 200)
        writer.tidy()
        filled(writer, 201, 80)
        assert pieces(path) > 1
        writer.tidy(lambda: False)
        assert pieces(path) == 1


def test_it_stops_when_something_else_is_wanted_and_goes_on_later(path):
    with closing(GramWriter(path)) as writer:
        filled(writer, 1, 300)
        before, rounds = found(path), 0
        while numbers(path, "user_version") == [0]:
            taken, stop = steps(3)
            writer.tidy(stop)
            assert len(taken) <= 3
            assert found(path) == before
            rounds += 1
        assert rounds > 3
        assert pieces(path) == 1


def test_empty_pages_are_given_back_in_steps(path, monkeypatch):
    monkeypatch.setattr(side_table, "IDLE_SPACE", 0)
    with closing(GramWriter(path)) as writer:
        filled(writer, 1, 300)
        writer.tidy(lambda: False)
        assert numbers(path, "freelist_count") == [0]
        before = found(path)
    assert problems(path) == []
    assert found(path) == before


def test_a_whole_tidying_ends_in_one_piece_without_an_empty_page(path):
    with closing(GramWriter(path)) as writer:
        filled(writer, 1, 300)
        writer.tidy()
        assert pieces(path) == 1
        pages, empty, tidied = numbers(path, "page_count", "freelist_count", "user_version")
        assert (empty, tidied) == (0, pages)
