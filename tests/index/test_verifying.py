"""How much a search reads and asks for, on every engine."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from newscrawl.catalogue import texts, versions
from newscrawl.index import finding
from newscrawl.index.answers import Question, answer
from newscrawl.index.bounds import Bounds, allowed, bounded
from newscrawl.index.search import Searcher, SearchRequest
from tests.index.kinds import KINDS, chosen
from tests.makers import article, indexed

TEXTS = [
    "莫干山路施工",  # in doubt: the exception stands, and nothing else
    "莫干山与莫干山路",  # in doubt, and found
    "莫干山",
    "渡口一二三通航",
    "渡口通航",
    "市民称赞",
]
EACH = 5


@pytest.fixture(scope="module", params=KINDS)
def searcher(request, tmp_path_factory):
    items = [
        article(number, headline="题", paragraphs=[text], edition=f"2023-{1 + number % 12:02}-01")
        for number, text in enumerate(TEXTS * EACH)
    ]
    with chosen(request.param):
        home, catalogue = indexed(tmp_path_factory.mktemp("verifying"), items)
        opened = Searcher(home, catalogue)
        yield opened
        opened.close()
        catalogue.close()


@pytest.fixture
def read(monkeypatch):
    """Whole versions and lines of texts that were read."""
    counted = Counter()

    def counting(name, module, function):
        original = getattr(module, function)

        def counted_function(*arguments):
            for each in original(*arguments):
                counted[name] += 1
                yield each

        monkeypatch.setattr(module, function, counted_function)

    counting("whole", versions, "streamed")
    counting("lines", texts, "lines")
    return counted


@pytest.mark.parametrize(
    ("query", "total", "lines"),
    [
        ("莫干山", 3, 0),
        ("莫干山!莫干山路", 2, 2),
        ("-莫干山!莫干山路", 4, 2),
        ('"渡口 通航"~2', 1, 2),
        ('-"渡口 通航"~2', 5, 2),
        ('渡口 -"渡口 通航"~2', 1, 2),
        ('莫干山!莫干山路 "渡口 通航"~2', 0, 0),
        ('市民 OR "渡口 通航"~2', 2, 2),
        ('"渡口，通航"', 0, 0),
    ],
)
@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_only_what_is_in_doubt_is_read_and_only_the_page_is_shown(
    searcher, read, query, total, lines, sort
):
    result = searcher.search(SearchRequest(query, sort=sort, limit=1))
    assert result.total == total * EACH
    assert read == Counter(lines=lines * EACH, whole=min(1, total))
    if sort == "newest":
        read.clear()
        assert searcher.search(SearchRequest(query, sort=sort, limit=1, count=False)).hits == (
            result.hits
        )
        assert read["whole"] == min(1, total)


def test_a_leaf_is_looked_for_once_however_often_it_is_written(searcher, read):
    near = '"渡口 通航"~2'
    searcher.search(SearchRequest(f"{near} OR (市民 {near}) OR ({near} {near})", limit=0))
    assert read["lines"] == 2 * EACH


def enough_for(texts):
    """Seconds in which a search looks for one leaf in so many texts."""
    return texts * 10 / 100_000


@pytest.mark.parametrize("query", ["莫干山!莫干山路", '"渡口 通航"~2', '-"渡口 通航"~2'])
def test_as_many_texts_are_read_to_count_as_the_seconds_of_a_search_allow(searcher, read, query):
    request = SearchRequest(query, limit=1)
    doubtful = 2 * EACH * (2 if "~" in query else 1)
    with allowed(enough_for(doubtful)):
        whole = searcher.finding(request)
        assert (whole.counted, read["lines"]) == (True, 2 * EACH)
    read.clear()
    with allowed(enough_for(doubtful - 1)):
        part = searcher.finding(request)
        assert (part.counted, read["lines"]) == (False, 0)
        assert part.total <= whole.total


def test_a_search_knows_its_seconds_where_they_bound_it(searcher):
    request = SearchRequest("莫干山!莫干山路", limit=1)
    with bounded(Bounds(seconds=60)), allowed(0):
        assert not searcher.finding(request).counted
    with allowed(0), bounded(Bounds(seconds=60)):
        assert searcher.finding(request).counted


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("莫干山", 1),
        ("莫干山!莫干山路", 1),
        ('"渡口 通航"~2', 1),
        ('"一 通航"~1', 0),
        ("没有", 0),
    ],
)
@pytest.mark.parametrize("sort", ["relevance", "newest"])
@pytest.mark.parametrize(("count", "seconds"), [(False, 10), (True, 0), (False, 0)])
def test_nothing_is_found_only_where_there_is_nothing(searcher, query, total, sort, count, seconds):
    request = SearchRequest(query, sort=sort, limit=0, count=count)
    with allowed(seconds):
        result = searcher.search(request)
        assert result.hits == []
        assert min(1, result.total) == total
        assert min(1, answer(searcher, Question(request)).total) == total
    assert result.total <= searcher.search(SearchRequest(query)).total


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("query", ["莫干山!莫干山路", '市民 OR "渡口 通航"~2', '-"渡口 通航"~2'])
@pytest.mark.parametrize("unfolded", [True, False])
def test_what_is_too_much_to_be_counted_is_said_and_shown_in_order(searcher, query, sort, unfolded):
    request = SearchRequest(query, sort=sort, limit=4)
    whole = answer(searcher, Question(request, unfolded))
    with allowed(enough_for(EACH)):
        part = answer(searcher, Question(request, unfolded, facets=True, timeline=True))
    assert (whole.counted, part.counted) == (True, False)
    assert [row.seqs[0] for row in part.rows] == [row.seqs[0] for row in whole.rows]
    assert len(part.rows) <= part.total <= whole.total
    assert sum(count for _value, count in part.facets["paper"]) <= part.total


def test_the_next_page_of_what_was_not_counted_goes_on(searcher):
    asked = {"query": "莫干山!莫干山路", "sort": "newest", "limit": 3}
    seen, as_of = [], None
    while True:
        with allowed(0):
            page = answer(searcher, Question(SearchRequest(as_of=as_of, **asked), unfolded=True))
        seen += [row.hit.version.seq for row in page.rows]
        as_of = page.next
        if as_of is None:
            break
    whole = searcher.search(SearchRequest(**(asked | {"limit": 99})))
    assert seen == [hit.version.seq for hit in whole.hits]


@pytest.mark.parametrize("query", ["莫干山", "莫干山!莫干山路"])
@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
def test_without_a_count_the_hits_are_the_same(searcher, query, sort):
    asked = {"sort": sort, "limit": 3, "offset": 2}
    counted = searcher.search(SearchRequest(query, **asked))
    found = searcher.search(SearchRequest(query, count=False, **asked))
    assert [hit.version.seq for hit in found.hits] == [hit.version.seq for hit in counted.hits]
    assert found.total <= counted.total


@pytest.mark.parametrize("query", ["没有这样的字", "莫干山路施工!莫干山路施工队 没有这样的字"])
def test_without_a_count_it_is_searched_once_for_a_first_hit(searcher, query):
    asked = evaluations(searcher)
    found = searcher.finding(SearchRequest(query, count=False))
    assert found.total == 0
    once = asked()
    assert (found.total, asked()) == (0, once)


class Counting:
    """Lets through what is asked of Tantivy's searcher."""

    def __init__(self, searcher):
        self._searcher, self.asked = searcher, Counter()

    def __getattr__(self, name):
        self.asked[name] += 1
        return getattr(self._searcher, name)


def test_facets_and_the_timeline_are_counted_in_one_go(searcher):
    asked = evaluations(searcher)
    question = Question(SearchRequest("市民", sort="newest"), True, facets=True, timeline=True)
    answer(searcher, question)
    assert asked() == {"whoosh": 4, "tantivy": 2}[searcher._build.engine.name]


def test_a_doubt_is_asked_for_once(searcher):
    asked = evaluations(searcher)
    question = Question(SearchRequest("莫干山!莫干山路", sort="newest"), True, True, True)
    answer(searcher, question)
    # The term and the exceptions in each quarter; the number, the versions, the hits, the counts.
    assert asked() == {"whoosh": 2 * 4, "tantivy": 4}[searcher._build.engine.name]


def test_without_a_count_older_quarters_are_not_asked(searcher, monkeypatch):
    if searcher._build.engine.name != "whoosh":
        pytest.skip("only parts can be left out")
    asked = evaluations(searcher)
    page = searcher.search(SearchRequest("市民", sort="newest", limit=1, count=False))
    assert (len(page.hits), asked()) == (1, 1)
    monkeypatch.setattr(finding, "SPARE", 0)  # a quarter of this home has fewer than are spare
    page = searcher.search(SearchRequest('"市民 称赞"~3', sort="newest", limit=1, count=False))
    assert len(page.hits) == 1
    assert asked() == 1 + 1


def test_quarters_without_a_day_that_is_asked_for_are_not_asked(searcher):
    if searcher._build.engine.name != "whoosh":
        pytest.skip("only parts can be left out")
    asked = evaluations(searcher)
    found = searcher.search(SearchRequest("市民 date:2023-06 称赞"))
    assert (found.total > 0, asked()) == (True, 1)
    summer = SearchRequest("莫干山!莫干山路", since=date(2023, 7, 1), until=date(2023, 9, 30))
    assert (searcher.search(summer).total > 0, asked()) == (True, 1 + 2)


def evaluations(searcher):
    """How many expressions the engine has evaluated from now on."""
    reader = searcher._reader
    if searcher._build.engine.name == "tantivy":
        counting = reader._searcher = Counting(reader._searcher)
        return lambda: counting.asked["search"] + counting.asked["aggregate"]
    statements = []
    for part in reader._parts:
        part._grams.matching.cache_clear()
        part._grams._table._connection.set_trace_callback(statements.append)
    return lambda: sum("MATCH" in statement for statement in statements)
