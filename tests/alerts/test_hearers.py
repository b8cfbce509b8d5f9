"""Who has heard of which story, also while stories change between two transactions."""

from __future__ import annotations

import pytest

from newscrawl.alerts.hearers import Hearers
from newscrawl.catalogue import outbox, stories
from newscrawl.catalogue.outbox import Wanted
from tests.makers import NOW, article, catalogue, record
from tests.people import address, matched, person, subscription
from tests.reports import FERRY, LIBRARY


@pytest.fixture
def made(tmp_path):
    opened = catalogue(tmp_path / "newscrawl.db")
    yield opened
    opened.close()


def told(tx, who, article_id):
    place = address(tx, who, f"of {who}")
    number = subscription(tx, who, "渡口", (place,))
    (match,) = matched(tx, number, article_id)
    outbox.put(tx, [Wanted(number, place, match, f"key {who}", NOW, joins=False)], NOW)


def of_article(made, article_id):
    with made.read() as view:
        return stories.of_article(view, article_id)


@pytest.fixture
def two(made):
    """Two people, two stories, each told of the one that is his; both are read."""
    ferry, library = (
        each.article_id
        for each in record(made, article(1, paragraphs=FERRY), article(2, paragraphs=LIBRARY))
    )
    hearers = Hearers()
    with made.write() as tx:
        people = [person(tx, name) for name in "甲乙"]
        for who, of in zip(people, (ferry, library), strict=True):
            told(tx, who, of)
    asked = [of_article(made, each) for each in (ferry, library)]
    with made.read() as view:
        hearers.read(view, asked)
    assert [[hearers.knows(who, story) for story in asked] for who in people] == [
        [True, False],
        [False, True],
    ]
    return hearers, people, (ferry, library)


def test_of_stories_that_have_become_one_both_have_heard(made, two):
    """It has the number of one of them, of which all that there was before is read."""
    hearers, people, (ferry, library) = two
    record(made, article(2, paragraphs=FERRY))
    story = of_article(made, ferry)
    assert story == of_article(made, library)
    with made.read() as view:
        hearers.read(view, [story])
    assert [hearers.knows(who, story) for who in people] == [True, True]


def test_of_what_an_article_has_become_who_was_told_of_it_has_heard_and_nobody_else(made, two):
    """What it was of before, he has not heard of any more."""
    hearers, people, (ferry, library) = two
    record(made, article(3, paragraphs=FERRY))
    record(made, article(1, paragraphs=LIBRARY))
    assert of_article(made, ferry) == of_article(made, library)
    asked = [
        of_article(made, article_id) for article_id in (ferry, "hangzhou_daily/2023-12-15/A01/3")
    ]
    with made.read() as view:
        hearers.read(view, asked)
    assert [[hearers.knows(who, story) for story in asked] for who in people] == [
        [True, False],
        [True, False],
    ]


def test_what_has_come_since_is_read(made, two):
    hearers, _people, (ferry, _library) = two
    story = of_article(made, ferry)
    with made.write() as tx:
        late = person(tx, "丙")
        told(tx, late, ferry)
        hearers.read(tx, [story, 99])
    assert hearers.knows(late, story)
    assert not hearers.knows(late, 99)
