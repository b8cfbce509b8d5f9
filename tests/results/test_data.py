"""An answer as JSON, written while it is read."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from newscrawl.index.answers import Question, begun
from newscrawl.index.opened import opened
from newscrawl.index.search import SearchRequest
from newscrawl.results.data import as_json
from tests.makers import article, indexed


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    items = [article(n, paragraphs=[f'渡口{n}的"茶摊"']) for n in range(1, 4)]
    home, catalogue = indexed(tmp_path_factory.mktemp("home"), items)
    with closing(catalogue):
        return home


def pieces(home, query, limit=20):
    with opened(home) as searcher:
        told, rows = begun(searcher, Question(SearchRequest(query, limit=limit), timeline=True))
        return list(as_json(told, rows))


@pytest.mark.parametrize(
    ("query", "found"),
    [("茶摊", 3), ('"results: []"', 0), ('茶摊 OR "results"', 3), ("没有", 0)],
)
def test_the_pieces_are_one_document_as_json_writes_it(home, query, found):
    text = "".join(pieces(home, query))
    data = json.loads(text)
    assert (data["query"], data["total"], len(data["results"])) == (query, found, found)
    assert text == json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    assert list(data)[:10] == [
        "query", "total", "total_exact", "stories", "more", "next", "mark", "took_ms", "results",
        "timeline",
    ]  # fmt: skip


def test_headings_are_on_one_line_for_programs_too(tmp_path):
    broken = {"headline": "题\n目", "kicker": "引\n题", "subhead": "副\n题"}
    home, catalogue = indexed(tmp_path, [article(1, **broken), article(2, **broken)])
    catalogue.close()
    [result, _other] = json.loads("".join(pieces(home, "题目")))["results"]
    assert [result[name] for name in broken] == ["题 目", "引 题", "副 题"]


def test_a_row_is_read_when_it_is_its_turn(home):
    with opened(home) as searcher:
        told, rows = begun(searcher, Question(SearchRequest("茶摊")))
        taken = []
        written = as_json(told, (taken.append(row) or row for row in rows))
        assert '"total": 3' in next(written)
        assert taken == []
