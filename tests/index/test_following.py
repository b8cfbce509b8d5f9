"""The indexer follows the user's dictionary, whoever changed it and however that ended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from newscrawl.catalogue import dictionary as words_of_user
from newscrawl.catalogue import versions
from newscrawl.index import dictionary, indexer
from newscrawl.index.damage import IndexUnusable
from newscrawl.index.dictionary import Covered
from newscrawl.index.documents import TOGETHER, Given, documents_of, words_of
from newscrawl.index.handed import Handed
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.text.segment import Segmenter
from tests.makers import article, indexed, record


@pytest.fixture
def home_and_catalogue(tmp_path):
    home, made = indexed(tmp_path / "home", [article(number) for number in range(1, 6)])
    with made.write() as connection:
        words_of_user.add(connection, ["号渡口"])
    yield home, made
    made.close()


def follow(home, made):
    with Path("/dev/null").open("rb") as nothing:
        indexer.run(Store.of(home), made, Handed(nothing), idle_seconds=0.2)


def covered(home):
    return dictionary.covered(Store.of(home).current().directory)


def test_an_indexer_finishes_what_nobody_did(home_and_catalogue):
    home, made = home_and_catalogue
    build = Store.of(home).current()
    assert indexer.behind(Store.of(home), made)
    follow(home, made)
    assert covered(home) == Covered(("号渡口",))
    assert Store.of(home).current() == build
    assert not indexer.behind(Store.of(home), made)


def test_what_comes_later_is_cut_with_the_users_words(home_and_catalogue):
    home, made = home_and_catalogue
    record(made, article(6))
    follow(home, made)
    searcher = Searcher(home, made)
    found = searcher.search(SearchRequest("号渡口"))
    searcher.close()
    assert found.total == 6
    assert len({hit.score for hit in found.hits}) == 1


def test_an_index_whose_words_cannot_be_read_is_built_anew(home_and_catalogue):
    home, made = home_and_catalogue
    build = Store.of(home).current()
    (build.directory / "dictionary.json").write_bytes(bytes(20))
    with pytest.raises(IndexUnusable, match="reindex"):
        Searcher(home, made)
    follow(home, made)
    assert Store.of(home).current() != build
    assert covered(home) == Covered(("号渡口",))


def test_words_that_were_cut_with_another_dictionary_are_not_used(home_and_catalogue):
    _home, made = home_and_catalogue
    with made.read() as connection:
        version = versions.by_seq(connection, [1])[1]
    cut = Segmenter(["号渡口"])
    old, new = words_of(version.article), words_of(version.article, cut)
    assert old != new
    given = Given(version, old), Given(version, new)
    assert [document.words for document in documents_of(given, cut)] == [new, new]


def unreadable(version):
    """Where the reading of what is given ends."""
    raise ValueError("damaged")


def unpreparable(version):
    return Given(replace(version, article=None))


@pytest.mark.parametrize("damaged", [unreadable, unpreparable])
def test_what_stands_before_an_article_that_cannot_be_indexed_comes_first(
    home_and_catalogue, damaged
):
    _home, made = home_and_catalogue
    with made.read() as connection:
        version = versions.by_seq(connection, [1])[1]
    given = (damaged(version) if n == TOGETHER else Given(version) for n in range(TOGETHER + 1))
    came = []
    with pytest.raises((ValueError, AttributeError)):
        came.extend(document.seq for document in documents_of(given))
    assert came == [1] * TOGETHER
