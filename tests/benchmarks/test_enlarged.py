"""The enlarged corpus is like the real one, and the queries are drawn from it by rule."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from benchmarks import queries
from benchmarks.enlarged import FIRST, LAST, PAPERS, Enlarged, taken_apart
from benchmarks.latency import Times, warming
from benchmarks.stocked import fill
from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.query.parse import parse
from tests.benchmarks.sources import real
from tests.makers import article


@pytest.fixture(scope="module")
def made() -> Enlarged:
    return Enlarged([real(number) for number in range(120)], 3_000)


def test_no_article_is_anothers_double(made: Enlarged) -> None:
    bodies = Counter(each.body for each in made)
    assert len(bodies) > 0.99 * len(made)  # of 360 short sentences; the corpus has 100,000


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
