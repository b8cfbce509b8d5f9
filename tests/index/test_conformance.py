"""Every engine finds the same, and what it finds is right: nothing of it is asked of an engine."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pytest

from newscrawl.index.documents import words_of
from newscrawl.index.engine import FACETS, SORTS, Engine, Reader, Window
from newscrawl.index.plan import EVERYTHING, Listed, Run, Some, Without, plan
from newscrawl.query.evaluate import matches
from newscrawl.query.parse import parse
from tests.index import asked
from tests.index.kinds import KINDS, engine
from tests.index.shelf import Shelf, generated, real, written
from tests.query.oracle import holds
from tests.query.pairs import TITLES
from tests.query.pairs import Writer as Written

ARTICLES, REAL, QUERIES, CUTS, EXPRESSIONS = 300, 200, 300, 40, 300
BODY = ("headline", "around", "body")


@dataclass
class Library:
    """A shelf that an engine has indexed, in many commits, with some versions replaced."""

    engine: Engine
    directory: Path
    shelf: Shelf
    reader: Reader
    half: int
    """How many versions there were when a quarter of the articles were written again."""

    def seqs(self, wanted, upto=None) -> set[int]:
        found = self.reader.seqs(wanted, upto).tolist()
        assert found == sorted(set(found))
        return set(found)


@pytest.fixture(scope="module", params=KINDS)
def library(request, tmp_path_factory) -> Iterator[Library]:
    chance = random.Random(7)
    kind, directory = engine(request.param), tmp_path_factory.mktemp("conformance")
    kind.create(directory)
    writer, shelf = kind.writer(directory), Shelf()
    every = [*generated(ARTICLES, chance), *real(REAL, chance)]
    chance.shuffle(every)
    written(writer, [shelf.add(each) for each in every])
    half = len(every)
    for seq in chance.sample(range(1, half + 1), half // 4):
        again = replace(shelf.articles[seq], headline=next(generated(1, chance)).headline)
        written(writer, [shelf.add(again, of=seq)])
    written(writer, [shelf.add(each) for each in generated(ARTICLES // 3, chance)])
    writer.upkeep()
    reader = kind.reader(directory)
    yield Library(kind, directory, shelf, reader, half)
    reader.close()
    writer.close()


def test_queries_find_what_the_oracle_finds(library):
    chance = random.Random(11)
    writer = Written(lambda *ways: chance.choice(ways))
    counted = Counter()
    for _number in range(QUERIES):
        query = asked.query(chance)
        text = writer.query(query)
        planned = plan(parse(text), TITLES)
        expected = {
            seq
            for seq in library.shelf.live()
            if holds(query, library.shelf.articles[seq], TITLES[library.shelf.articles[seq].paper])
        }
        sure, possible = library.seqs(planned.sure), library.seqs(planned.possible)
        assert sure <= expected <= possible, text
        assert sure == possible or not planned.exact, text
        assert library.seqs(planned.doubt) == possible - sure, text
        counted.update(exact=planned.exact, sure=bool(sure) and not planned.exact)
        counted.update(expected=len(expected), possible=len(possible))
    assert counted["exact"] > QUERIES / 3
    assert counted["sure"] > QUERIES / 10
    assert counted["expected"] < counted["possible"]


@pytest.mark.parametrize("length", range(1, 9))
def test_every_run_of_characters_is_found_where_it_stands(library, length):
    chance = random.Random(length)
    shelf = library.shelf
    live = [shelf.articles[seq] for seq in sorted(shelf.live())]
    subjects = {seq: shelf.subject(seq) for seq in shelf.live()}
    for _number in range(CUTS):
        text = asked.cut(chance, live, length)
        node = parse(f'"{text.replace(chr(34), "")}"')
        planned = plan(node, TITLES)
        expected = {seq for seq, subject in subjects.items() if matches(node, subject)}
        assert library.seqs(planned.sure) <= expected <= library.seqs(planned.possible), text


def test_expressions_find_what_stands_there(library):
    chance = random.Random(13)
    live, sizes = library.shelf.live(), Counter()
    for _number in range(EXPRESSIONS):
        wanted = asked.expression(chance, library.shelf)
        expected = asked.found(wanted, library.shelf, live)
        assert library.seqs(wanted) == expected, wanted
        assert library.reader.search(wanted, Window(limit=0)).total == len(expected), wanted
        sizes[len(expected) in (0, len(live))] += 1
    assert sizes[False] > EXPRESSIONS / 3


def test_everything_is_what_is_live(library):
    live = library.shelf.live()
    assert library.reader.count() == len(live)
    assert library.seqs(EVERYTHING) == live
    assert library.seqs(Some()) == library.seqs(Without(EVERYTHING)) == set()
    assert library.reader.search(EVERYTHING, Window(limit=len(live) + 9)).total == len(live)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("gram", ["临空", "的", "ai", "没有"])
def test_windows_are_parts_of_one_order(library, sort, gram):
    wanted = Run((gram,), len(gram) == 1, BODY)
    words = ("临空", "经济", "手机")
    whole = library.reader.search(wanted, Window(sort, words, limit=10_000))
    assert whole.total == len(whole.hits)
    assert {seq for seq, _score in whole.hits} == library.seqs(wanted)
    for size in (1, 7, 100):
        pages = []
        for offset in range(0, min(whole.total, 30 * size) + 1, size):
            page = library.reader.search(wanted, Window(sort, words, offset, size))
            assert page.total == whole.total
            pages += page.hits
        assert pages == whole.hits[: len(pages)]
    assert library.reader.search(wanted, Window(sort, words, offset=whole.total)).hits == []


@pytest.mark.parametrize(("sort", "sign"), [("newest", -1), ("oldest", 1)])
def test_by_day_and_then_as_they_came(library, sort, sign):
    hits = library.reader.search(EVERYTHING, Window(sort, limit=10_000)).hits
    seqs = [seq for seq, _score in hits]
    assert seqs == sorted(library.shelf.live(), key=lambda s: (sign * library.shelf.day(s), s))


def test_by_words_and_then_the_newest(library):
    words = ("营商", "环境")
    hits = library.reader.search(EVERYTHING, Window("relevance", words, limit=10_000)).hits
    keys = [(-score, -library.shelf.day(seq), seq) for seq, score in hits]
    assert keys == sorted(keys)
    having = {seq for seq in library.shelf.live() if set(words) & held(library, seq)}
    assert {seq for seq, score in hits if score > 0} == having
    assert 0 < len(having) < len(hits)


def held(library, seq: int) -> set[str]:
    words = words_of(library.shelf.articles[seq])
    return set(f"{words.headline} {words.kicker} {words.lead} {words.body}".split())


def test_without_words_the_newest_come_first(library):
    wanted = Run(("临空",), False, BODY)
    newest = library.reader.search(wanted, Window("newest", limit=50))
    assert library.reader.search(wanted, Window("relevance", limit=50)) == newest


def test_facets_are_counted_together(library):
    wanted = Run(("临空",), False, BODY)
    one_by_one = {facet: library.reader.facets(wanted, [facet])[facet] for facet in FACETS}
    assert library.reader.facets(wanted, FACETS) == one_by_one


def test_what_need_not_be_counted_is_a_part_of_the_same_order(library):
    for sort in SORTS:
        window = Window(sort, ("临空",), offset=3, limit=40)
        whole = library.reader.search(EVERYTHING, window)
        found = library.reader.search(EVERYTHING, replace(window, count=False))
        assert found.hits == whole.hits
        assert 43 <= found.total <= whole.total


@pytest.mark.parametrize("wanted", [EVERYTHING, Run(("临空",), False, BODY), Some()])
@pytest.mark.parametrize("facet", FACETS)
def test_facets_are_counts(library, facet, wanted):
    shelf = library.shelf

    def value(seq: int) -> str:
        one = shelf.articles[seq]
        page = one.page_name or one.page
        values = {"paper": one.paper, "page": page, "source": one.source}
        return (values | {"month": one.edition[:7], "day": one.edition})[facet]

    counted = Counter(filter(None, map(value, library.seqs(wanted))))
    found = library.reader.facets(wanted, [facet])[facet]
    assert dict(found) == counted
    in_order = (
        sorted(found) if facet in ("month", "day") else sorted(found, key=lambda each: -each[1])
    )
    assert found == in_order


def test_the_words_by_their_first_characters(library):
    counted = Counter(word for seq in library.shelf.live() for word in held(library, seq))
    firsts = {word[0] for word in counted}
    every = Counter(library.reader.beginning(firsts))
    assert counted.keys() <= every.keys()
    assert all(every[word] >= count for word, count in counted.items())
    assert every.total() <= 2 * counted.total()
    some = dict(islice(every.items(), 300))
    assert library.reader.frequencies([*some, "没有的词"]) == some
    for few in (
        *map(frozenset, firsts),
        frozenset(),
        frozenset("临a𠮷é没"),
        frozenset("\0\U0010ffff"),
    ):
        assert library.reader.beginning(few) == {
            word: count for word, count in every.items() if word[0] in few
        }


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_an_earlier_state_is_seen_as_it_was(library, sort):
    half = library.half
    then = library.shelf.live(half)
    assert library.seqs(EVERYTHING, half) == then != library.shelf.live()
    wanted = Run(("临空",), False, BODY)
    expected = asked.found(wanted, library.shelf, then)
    assert library.seqs(wanted, half) == expected
    window = Window(sort, limit=10_000, upto=half)
    sign = -1 if sort == "newest" else 1
    seqs = [seq for seq, _score in library.reader.search(wanted, window).hits]
    assert seqs == sorted(expected, key=lambda seq: (sign * library.shelf.day(seq), seq))
    counted = Counter(library.shelf.articles[seq].paper for seq in expected)
    assert dict(library.reader.facets(wanted, ["paper"], half)["paper"]) == counted


def test_a_changed_or_missing_file_is_named(library, tmp_path):
    """The first and the last file of every kind: a look reads the whole index."""
    assert list(library.engine.damaged(library.directory)) == []
    copy = shutil.copytree(library.directory, tmp_path / "copy")
    every = sorted(each for each in copy.rglob("*") if each.is_file())
    ends = ({each.suffix or each.name: each for each in some} for some in (every[::-1], every))
    named = set()
    for path in {path for kinds in ends for path in kinds.values()}:
        content = path.read_bytes()
        changed = bytearray(content)
        for place in range(0, len(content), max(1, len(content) // 50)):
            changed[place] ^= 0x55
        path.write_bytes(changed)
        if list(library.engine.damaged(copy)):
            named.add(path.suffix)
            path.unlink()
            assert list(library.engine.damaged(copy)), path.name
        path.write_bytes(content)
        assert list(library.engine.damaged(copy)) == []
    assert named


def test_what_is_listed_and_not_there_is_not_found(library):
    import numpy as np

    listed = Listed(np.array([1, 10**9], dtype=np.int64))
    assert library.seqs(listed) <= {1}
