"""Pages fit together whatever happens between one and the next, on every engine."""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import select, update

from newscrawl.catalogue import placement
from newscrawl.catalogue.schema import articles
from newscrawl.errors import UsageError
from newscrawl.index import answers, indexer, rows
from newscrawl.index.answers import Question, answer
from newscrawl.index.bookmark import MOST_SHOWN, Bookmark
from newscrawl.index.handed import Handed
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from tests.index.kinds import KINDS, chosen
from tests.makers import article, indexed, record

FIRST, ARRIVING, EDITED, LIMIT = 40, 12, 3, 6


def text(chance: random.Random, number: int) -> list[str]:
    """Paragraphs with the words that are looked for, some of them often."""
    said = "渡口" * chance.randint(1, 6) + "恢复通航" * chance.randint(0, 3)
    return [f"{said}，{number}号。", "市民称赞出行方便。" * chance.randint(1, 20)]


class Newsroom:
    """A home in which articles arrive, are edited, and change their stories."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.chance = chance
        self.texts = {number: self._article(number) for number in range(1, FIRST + 1)}
        self.home, self.catalogue = indexed(root, self.texts.values())
        self._stir()

    def ask(self, query: str, **asked) -> tuple:
        unfolded = asked.pop("unfolded", False)
        searcher = Searcher(self.home, self.catalogue)
        try:
            return answer(searcher, Question(SearchRequest(query, **asked), unfolded))
        finally:
            searcher.close()

    def go_on(self) -> None:
        """Something of everything, and the indexer goes idle after it."""
        held = len(self.texts)
        arriving = {n: self._article(n) for n in range(held + 1, held + ARRIVING + 1)}
        edited = {
            n: replace(self.texts[n], paragraphs=text(self.chance, n), record_id=f"<{n}/{held}>")
            for n in self.chance.sample(range(1, FIRST + 1), EDITED)
        }
        self.texts |= arriving | edited
        record(self.catalogue, *arriving.values(), *edited.values())
        self._stir()
        self.index()

    def index(self) -> None:
        with Path(os.devnull).open("rb") as nothing:
            indexer.run(Store.of(self.home), self.catalogue, Handed(nothing), idle_seconds=0.01)

    def unite(self) -> None:
        """All become one story."""
        with self.catalogue.write() as connection:
            connection.execute(update(articles).values(story_id=placement.alone(connection)))

    def _article(self, number: int):
        day = f"2023-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"
        return article(number, paragraphs=text(self.chance, number), edition=day)

    def _stir(self) -> None:
        """Stories unite and part."""
        with self.catalogue.write() as connection:
            every = connection.scalars(select(articles.c.id)).all()
            for _story in range(6):
                moved = self.chance.sample(every, self.chance.randint(1, 5))
                story = placement.alone(connection)
                chosen_ones = articles.c.id.in_(moved)
                connection.execute(update(articles).where(chosen_ones).values(story_id=story))


@pytest.fixture(params=KINDS)
def newsroom(request, tmp_path):
    with chosen(request.param):
        made = Newsroom(tmp_path, random.Random(5))
        yield made
        made.catalogue.close()


def shown(answered) -> list[str]:
    rows = answered.rows
    folded = [member.article_id for row in rows for member in row.reprints]
    return [*(row.hit.version.article_id for row in rows), *folded]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("渡口", {}),
        ("通航", {"unfolded": True}),
        ("渡口 -通航恢复", {"sort": "newest"}),
        ("渡口!渡口渡口渡口", {"sort": "oldest", "unfolded": True}),
        ('"渡口 称赞"~0 OR 恢复', {}),
    ],
)
def test_every_hit_is_shown_once_while_the_newsroom_goes_on(newsroom, query, asked):
    whole = set(shown(newsroom.ask(query, limit=1000, **asked)))
    seen, totals, as_of = Counter(), set(), None
    while True:
        page = newsroom.ask(query, limit=LIMIT, as_of=as_of, **asked)
        seen.update(shown(page))
        totals.add(page.total)
        assert page.more == (page.next is not None)
        assert len(page.rows) == LIMIT or not page.more
        if page.next is None:
            break
        newsroom.go_on()
        as_of = Bookmark.read(str(page.next))
    assert seen == Counter(whole)
    assert totals == {len(whole)}
    assert len(whole) > 2 * LIMIT
    assert newsroom.ask(query, **asked).total != len(whole)


def test_a_reprint_that_was_edited_since_is_folded_as_it_was(newsroom):
    first = newsroom.ask("渡口", limit=99)
    newsroom.go_on()
    newsroom.unite()
    again = newsroom.ask("渡口", limit=99, as_of=Bookmark(first.mark))
    assert len(again.rows) == 1
    assert sorted(shown(again)) == sorted(shown(first))


def test_stories_that_unite_between_two_pages_hide_nothing(newsroom):
    first = newsroom.ask("渡口", limit=1)
    newsroom.unite()
    second = newsroom.ask("渡口", limit=1, as_of=first.next)
    assert second.next is None
    assert sorted(shown(first) + shown(second)) == sorted(shown(newsroom.ask("渡口", limit=99)))
    assert second.stories == 2


def test_a_page_in_the_middle_goes_on_where_it_ends(newsroom):
    pages = [newsroom.ask("渡口", limit=LIMIT, offset=offset) for offset in (0, LIMIT)]
    third = newsroom.ask("渡口", limit=1000, as_of=pages[1].next)
    every = [each for page in (*pages, third) for each in shown(page)]
    assert sorted(every) == sorted(shown(newsroom.ask("渡口", limit=1000)))
    assert third.stories == newsroom.ask("渡口", limit=1000).stories


def test_a_state_that_is_gone_is_refused_and_not_shown_in_part(newsroom):
    first = newsroom.ask("渡口", limit=LIMIT)
    newsroom.go_on()
    rebuild(Store.of(newsroom.home), newsroom.catalogue)
    with pytest.raises(UsageError, match="search again without --as-of"):
        newsroom.ask("渡口", limit=LIMIT, as_of=first.next)


@pytest.mark.parametrize("most", [MOST_SHOWN, 0])
def test_a_page_is_laid_out_in_one_view_of_the_catalogue(newsroom, monkeypatch, most):
    whole = newsroom.ask("渡口", limit=LIMIT)
    monkeypatch.setattr(rows, "MOST_SHOWN", most)
    monkeypatch.setattr(rows, "BATCH", 2)

    def stirring(function):
        def stirred(*arguments):
            found = function(*arguments)
            newsroom.unite()
            return found

        return stirred

    monkeypatch.setattr(rows, "fold", stirring(rows.fold))
    monkeypatch.setattr(rows, "_members", stirring(rows._members))
    page = newsroom.ask("渡口", limit=LIMIT)
    assert [row.seqs for row in page.rows] == [row.seqs for row in whole.rows]
    monkeypatch.undo()
    assert len(newsroom.ask("渡口", limit=LIMIT).rows) == 1


@pytest.mark.parametrize("taken", [0, 1, 3, 1000])
def test_a_long_page_lets_go_of_its_view(newsroom, monkeypatch, taken):
    monkeypatch.setattr(rows, "MOST_SHOWN", 0)
    monkeypatch.setattr(rows, "BATCH", 2)
    searcher = Searcher(newsroom.home, newsroom.catalogue)
    question = Question(SearchRequest("渡口", limit=LIMIT))
    _told, some = answers.begun(searcher, question)
    assert newsroom.catalogue._engine.pool.checkedout() == 1
    assert len(list(islice(some, taken))) == min(taken, LIMIT)
    del some
    assert newsroom.catalogue._engine.pool.checkedout() == 0
    searcher.close()


def test_no_bookmark_grows_without_end(newsroom, monkeypatch):
    whole = {way: newsroom.ask("渡口", limit=LIMIT + 1, unfolded=way) for way in (True, False)}
    for module in (answers, rows):
        monkeypatch.setattr(module, "MOST_SHOWN", LIMIT)
    assert newsroom.ask("渡口", limit=2, unfolded=True).next is not None
    for way, before in whole.items():
        page = newsroom.ask("渡口", limit=LIMIT + 1, unfolded=way)
        assert (page.more, page.next) == (before.more, None)
        assert [row.seqs for row in page.rows] == [row.seqs for row in before.rows]
