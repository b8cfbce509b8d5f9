"""An export is of one state, however long it takes and whatever arrives meanwhile."""

from __future__ import annotations

import json
import tracemalloc
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from newscrawl.catalogue import policies
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.policies import FULL, OTHERS
from newscrawl.export import exporting
from newscrawl.export.exporting import export
from newscrawl.export.formats import FORMATS
from newscrawl.export.selection import TakenMeanwhile
from newscrawl.index.finding import Finding
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.ops import erasing
from newscrawl.ops.takedown import Order, take_down
from tests.homes import small_home
from tests.makers import article, catalogue, indexed, record


def ids(path):
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


def order(path, query="", **changes):
    kind = FORMATS[path.name.partition(".")[2].removesuffix(".gz")]
    return exporting.Order(SearchRequest(query), kind, path, **changes)


@pytest.fixture
def held(tmp_path):
    home, made = indexed(tmp_path / "home", [article(number) for number in range(1, 6)])
    yield home, made
    made.close()


@pytest.mark.parametrize("query", ["", "渡口"])
def test_what_is_recorded_while_it_runs_is_not_in_it(held, tmp_path, query):
    home, made = held
    added = []

    def crawl(_done, _total):
        if not added:
            with closing(Catalogue.open(home.catalogue)) as other:
                added.extend(record(other, article(9), article(1, headline="第1号渡口停航")))

    with closing(Searcher(home, made)) as searcher:
        done = export(
            made,
            home.snapshots,
            order(tmp_path / "a.jsonl", query),
            searcher if query else None,
            crawl,
        )
    assert [each.article_id.rpartition("/")[2] for each in added] == ["9", "1"]
    assert done.versions == 5
    held_then = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [each["version"] for each in held_then] == [1] * 5
    assert len(ids(tmp_path / "a.jsonl")) == 5


@pytest.mark.parametrize("query", ["", "渡口"])
@pytest.mark.parametrize("when", [0, 5])
def test_i1_what_is_taken_down_while_it_runs_does_not_go_out(held, tmp_path, query, when):
    home, made = held

    def takedown(done, _total):
        if done == when:
            with closing(Catalogue.open(home.catalogue)) as other:
                ask = Order("hide", "asked", "privacy", "desk")
                wanted = article(2).url
                take_down(home, other, ask, datetime.now(UTC), wanted=wanted, prefix=False)

    path = tmp_path / "a.jsonl"
    with closing(Searcher(home, made)) as searcher:
        given = (order(path, query), searcher if query else None)
        with pytest.raises(TakenMeanwhile, match="export again"):
            export(made, home.snapshots, *given, takedown)
    assert list(tmp_path.glob("a.*")) == []
    with closing(Searcher(home, made)) as searcher:
        given = (order(path, query), searcher if query else None)
        assert export(made, home.snapshots, *given).versions == 4


def test_what_takes_long_keeps_no_old_state_of_the_catalogue_alive(held, tmp_path):
    home, made = held
    logs = []

    def slow(_done, _total):
        record(made, article(50 + len(logs)))
        with made.read() as view:
            busy, *_pages = view.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        logs.append((busy, home.catalogue.with_name("newscrawl.db-wal").stat().st_size))

    assert export(made, home.snapshots, order(tmp_path / "a.jsonl"), None, slow).versions == 5
    assert logs == [(0, 0)] * 6


def test_what_is_taken_down_elsewhere_while_it_runs_does_not_matter(held, tmp_path):
    home, made = held
    record(made, article(9, edition="2024-01-01"))

    def takedown(_done, _total):
        ask = Order("hide", "asked", "privacy", "desk")
        wanted = article(9).url
        with closing(Catalogue.open(home.catalogue)) as other:
            take_down(home, other, ask, datetime.now(UTC), wanted=wanted, prefix=False)

    narrow = order(tmp_path / "a.jsonl")
    narrow = replace(narrow, request=SearchRequest("", until=date(2023, 12, 31)))
    assert export(made, home.snapshots, narrow, None, takedown).versions == 5


def test_i1_a_picture_that_is_taken_down_while_pages_go_out_ends_that(held, tmp_path):
    home, made = held
    with made.write() as tx:
        policies.decide(tx, [OTHERS], FULL)

    def takedown(_done, _total):
        ask = Order("hide", "asked", "privacy", "desk")
        wanted = "https://example.com/hzrb/ferry.jpg"
        with closing(Catalogue.open(home.catalogue)) as other:
            take_down(home, other, ask, datetime.now(UTC), wanted=wanted, prefix=False)

    whole = replace(
        order(tmp_path / "a.warc.gz"), format=replace(FORMATS["jsonl"], whole_pages=True)
    )
    with pytest.raises(TakenMeanwhile):
        export(made, home.snapshots, whole, None, takedown)
    assert export(made, home.snapshots, whole).versions == 5


def test_an_erasure_of_something_else_is_no_damage(tmp_path):
    home = small_home(tmp_path / "home")
    made = Catalogue.open(home.catalogue)
    with made.write() as tx:
        policies.decide(tx, [OTHERS], FULL)
    erased = []

    def erase(done, _total):
        if done and not erased:
            ask, wanted = Order("erase", "asked", "privacy", "desk"), article(5).url
            with closing(Catalogue.open(home.catalogue)) as other:
                taken = take_down(home, other, ask, datetime.now(UTC), wanted=wanted, prefix=False)
                erased.append(erasing.erase(home, other, taken.tombstone))

    wanted = order(tmp_path / "a.warc.gz", "第1号 OR 第2号 OR 第3号")
    told = pytest.raises(TakenMeanwhile, match="something was erased while")
    with closing(Searcher(home, made)) as searcher, told:
        export(made, home.snapshots, wanted, searcher, erase)
    with closing(Searcher(home, made)) as searcher:
        assert export(made, home.snapshots, wanted, searcher).versions == 3
    made.close()


@pytest.mark.parametrize("query", ["渡口", '"渡口 通航"~9'])
def test_a_query_is_asked_of_one_state_without_a_view_of_it(held, tmp_path, monkeypatch, query):
    """What is edited between two looks is looked at as it was, and the log may be emptied."""
    monkeypatch.setattr("newscrawl.export.selection.ASKED", 2)
    home, made = held
    among, logs = Finding.among, []

    def slow(finding, seqs):
        number = len(logs)
        edited = {"headline": f"第{number}次停航", "record_id": f"<urn:uuid:edit-{number}>"}
        record(made, article(5, **edited), article(60 + number))
        with made.read() as view:
            busy, *_pages = view.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        logs.append(busy)
        return among(finding, seqs)

    monkeypatch.setattr(Finding, "among", slow)
    with closing(Searcher(home, made)) as searcher:
        done = export(made, home.snapshots, order(tmp_path / "a.jsonl", query), searcher)
    assert (done.versions, logs) == (5, [0, 0, 0])
    held_then = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [each["version"] for each in held_then] == [1] * 5


def test_what_is_not_in_the_index_yet_is_told(held, tmp_path):
    home, made = held
    record(made, article(9))
    with closing(Searcher(home, made)) as searcher:
        done = export(made, home.snapshots, order(tmp_path / "a.jsonl", "渡口"), searcher)
    assert (done.versions, done.behind) == (5, 1)


def test_more_are_found_than_a_search_looks_at(held, tmp_path, monkeypatch):
    """A query is asked of a few articles at a time, and so has no end at some number of hits."""
    monkeypatch.setattr("newscrawl.index.finding.MOST_HITS", 2)
    monkeypatch.setattr("newscrawl.export.selection.ASKED", 2)
    monkeypatch.setattr("newscrawl.export.selection.READ", 2)
    home, made = held
    with closing(Searcher(home, made)) as searcher:
        for query in ("渡口", '"渡口 通航"~9', "恢复!恢复原状"):
            path = tmp_path / "a.jsonl"
            export(made, home.snapshots, order(path, query, force=True), searcher)
            assert len(ids(path)) == 5


@pytest.fixture(scope="module")
def few_and_many(tmp_path_factory):
    """Two catalogues, the second with eight times as many articles in as many more editions."""
    room = tmp_path_factory.mktemp("catalogues")
    made = []
    for days in (10, 80):
        made.append(catalogue(room / f"{days}.db"))
        for day in range(days):
            record(made[-1], *(long_article(day, number) for number in range(1, 16)))
        with made[-1].write() as tx:
            policies.decide(tx, [OTHERS], FULL)
    yield made
    for each in made:
        each.close()


def long_article(day, number):
    characters = Random(day * 100 + number).choices(range(0x4E00, 0x9FA5), k=4_000)
    return article(
        number,
        edition=f"{date(2023, 1, 1) + timedelta(day)}",
        url=f"https://paper.example/{day}/{number}.html",
        paragraphs=["".join(map(chr, characters))],
        record_id=f"<urn:uuid:{day:08d}-0000-4000-8000-{number:012d}>",
    )


def peak(made, path):
    """The most memory that an export takes, in bytes."""
    tracemalloc.start()
    try:
        export(made, path.parent, order(path, force=True))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_memory_does_not_grow_with_the_articles(few_and_many, tmp_path, monkeypatch, kind):
    monkeypatch.setattr("newscrawl.export.selection.READ", 50)
    monkeypatch.setattr("newscrawl.export.parquet.GROUP", 50)
    few, many = (peak(made, tmp_path / f"a.{kind}") for made in few_and_many)
    assert (tmp_path / f"a.{kind}").stat().st_size > 5_000_000
    assert many < few * 1.5, (few, many)
