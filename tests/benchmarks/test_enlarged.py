"""The enlarged corpus is like the real one, and the queries are drawn from it by rule."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial

import pytest

from benchmarks import queries
from benchmarks.enlarged import FIRST, LAST, PAPERS, Enlarged, taken_apart
from benchmarks.latency import Times, warming
from benchmarks.stocked import fill, story_of
from newscrawl.catalogue import stories, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.prospects import WINDOW_DAYS
from newscrawl.home import Home
from newscrawl.items import Article
from newscrawl.query.parse import parse
from newscrawl.text.shingles import plain
from tests.benchmarks.sources import real
from tests.makers import article


@pytest.fixture(scope="module")
def made() -> Enlarged:
    return Enlarged([real(number) for number in range(120)], 3_000)


def reprinted(made: Enlarged) -> list[tuple[Article, Article]]:
    """Every reprint with its original."""
    pairs = ((number, made.reprinted(number)) for number in range(len(made)))
    return [(made.article(one), made.article(of)) for one, of in pairs if of is not None]


def test_no_article_is_anothers_double_but_a_reprint(made: Enlarged) -> None:
    originals = [number for number in range(len(made)) if made.reprinted(number) is None]
    bodies = Counter(made.article(number).body for number in originals)
    assert len(bodies) > 0.99 * len(originals)  # of 360 short sentences; the corpus has 100,000


def test_one_article_in_eight_is_a_reprint(made: Enlarged) -> None:
    assert 0.11 < len(reprinted(made)) / len(made) < 0.14
    several = Counter(original.own_id for _reprint, original in reprinted(made))
    assert several.most_common(1)[0][1] > 1


def test_a_reprint_is_another_papers_of_the_same_days_whole_or_cut(made: Enlarged) -> None:
    whole = 0
    for reprint, original in reprinted(made):
        assert reprint.paper != original.paper
        assert reprint.headline != original.headline
        apart = date.fromisoformat(reprint.edition) - date.fromisoformat(original.edition)
        assert 0 <= apart.days <= WINDOW_DAYS
        whole += reprint.paragraphs == original.paragraphs
        assert plain(reprint.body) in plain(original.body)
    assert 0.5 < whole / len(reprinted(made)) < 0.8


def test_what_is_reprinted_is_no_reprint(made: Enlarged) -> None:
    found = {made.reprinted(number) for number in range(len(made))} - {None}
    assert found
    assert {made.reprinted(number) for number in found if number is not None} == {None}


def test_where_nothing_is_near_nothing_is_reprinted() -> None:
    few = Enlarged([real(number) for number in range(10)], 100)
    assert not reprinted(few)


def test_an_article_depends_on_its_number_alone(made: Enlarged) -> None:
    again = Enlarged([real(number) for number in range(120)], 3_000)
    assert again.article(1234) == made.article(1234)
    assert made.sampled(10) == [made.article(number) for number in range(0, 3_000, 300)]


def test_every_run_of_an_article_stands_in_a_real_one(made: Enlarged) -> None:
    sentences = {text for number in range(120) for text in real(number).sentences}
    plain = {"".join(letter for letter in text if not letter.isdigit()) for text in sentences}
    for each in made.sampled(50):
        for paragraph in each.paragraphs:
            for text in taken_apart(article(paragraphs=[paragraph])).sentences:
                assert "".join(letter for letter in text if not letter.isdigit()) in plain


def test_days_rise_and_every_paper_has_its_share(made: Enlarged) -> None:
    days = [date.fromisoformat(each.edition) for each in made]
    assert days == sorted(days)
    assert days[0] == FIRST
    assert 0 <= (LAST - days[-1]).days <= 1
    shares = Counter(each.paper for each in made)
    assert list(PAPERS) == [name for name, _count in shares.most_common()]


def test_a_home_is_filled_where_an_earlier_run_stopped(made: Enlarged, tmp_path) -> None:
    home = Home(tmp_path / "home")
    fill(home, made, 30)
    fill(home, made, 50)
    catalogue = Catalogue.existing(home.catalogue)
    with catalogue.read() as connection:
        held = versions.after(connection, 0, 100)
    catalogue.close()
    assert [each.article.own_id for each in held] == [str(number) for number in range(50)]
    assert held[7].article.paragraphs == made.article(7).paragraphs


def test_a_reprint_is_of_the_story_of_its_original(made: Enlarged, tmp_path) -> None:
    home = Home(tmp_path / "home")
    fill(home, made, 100, partial(story_of, made))
    fill(home, made, 200, partial(story_of, made))
    catalogue = Catalogue.existing(home.catalogue)
    with catalogue.read() as connection:
        told = stories.of_seqs(connection, range(1, 201))
        held = {story: stories.members(connection, story) for story in set(told.values())}
    catalogue.close()
    pairs = [(number, made.reprinted(number)) for number in range(200)]
    assert told == {one + 1: (one if of is None else of) + 1 for one, of in pairs}
    assert max(map(len, held.values())) > 1
    assert all(members[0].seq == story for story, members in held.items())


@pytest.fixture
def _few_common_words(monkeypatch):
    """These articles have not so many words as a newspaper."""
    monkeypatch.setattr(queries, "COMMON", 20)


@pytest.mark.usefixtures("_few_common_words")
def test_the_mix_is_drawn_by_rule_and_can_be_read(made: Enlarged) -> None:
    mix = queries.drawn(made.sampled(600))
    kinds = Counter(query.kind for query in mix)
    assert all(kinds[kind] <= count for kind, count in queries.MIX.items())
    assert kinds["combined"] == kinds["by date"] == 60
    assert mix == queries.drawn(made.sampled(600))
    for query in mix:
        parse(query.text)
    assert {query.sort for query in mix} == {"relevance", "newest", "oldest"}


@pytest.mark.usefixtures("_few_common_words")
def test_what_warms_the_caches_is_not_asked_again(made: Enlarged) -> None:
    sample = made.sampled(600)
    mix = queries.drawn(sample)
    warm = warming(sample, mix)
    assert warm
    assert not {query.text for query in warm} & {query.text for query in mix}


def test_times_are_spread() -> None:
    spread = Times.of(range(1, 101))
    assert (round(spread.p50), round(spread.p95), spread.most) == (50, 95, 100)
    assert Times.of([7]) == Times(7, 7, 7)
