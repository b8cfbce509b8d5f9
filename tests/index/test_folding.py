from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.index import folding
from newscrawl.index.folding import First, fold, represented


def windows(stories):
    """Hits 1, 2, 3…, each of the story given, and what was read of them."""
    hits = [(number, 1 / number) for number in range(1, len(stories) + 1)]
    read = []

    def window(offset, limit):
        read.append((offset, limit))
        return hits[offset : offset + limit]

    known = {seq: story for (seq, _), story in zip(hits, stories, strict=True) if story}
    return window, lambda seqs: {seq: known[seq] for seq in seqs if seq in known}, read


def test_a_story_is_shown_once_where_its_first_hit_is():
    hits, stories, _ = windows([7, 8, 7, None, None, 8, 9])
    folded = fold(hits, stories, 0, 10)
    assert folded.firsts == [
        First(1, 1.0, 7),
        First(2, 1 / 2, 8),
        First(4, 1 / 4, None),
        First(5, 1 / 5, None),
        First(7, 1 / 7, 9),
    ]
    assert (folded.more, folded.stories) == (False, 5)


@pytest.mark.parametrize(("offset", "more"), [(0, True), (2, True), (3, False), (9, False)])
def test_a_page_knows_whether_there_is_a_next(offset, more):
    hits, stories, _ = windows([1, 2, 1, 3, 4, 5])
    assert fold(hits, stories, offset, 2).more is more


def test_no_more_is_read_than_is_shown_where_there_are_no_reprints():
    hits, stories, read = windows(range(1, 1001))
    folded = fold(hits, stories, 20, 10)
    assert read == [(0, 30 + folding.SPARE)]
    assert folded.stories is None


def test_of_hits_beyond_the_page_few_are_asked_for_their_stories():
    hits, stories, _read = windows([1, 1, *range(2, 1000)])
    asked = []

    def counted(seqs):
        asked.append(len(seqs))
        return stories(seqs)

    assert len(fold(hits, counted, 0, 10).firsts) == 10
    assert asked == [11 + folding.SPARE_STORIES]
    asked.clear()
    hits, stories, _read = windows([*[1] * 15, *range(2, 1000)])
    assert len(fold(hits, counted, 0, 10).firsts) == 10
    assert sum(asked) <= 10 + folding.SPARE


def test_many_reprints_are_read_through():
    hits, stories, read = windows([*[1] * 500, 2, 3])
    assert [first.seq for first in fold(hits, stories, 0, 2).firsts] == [1, 501]
    assert [offset for offset, _limit in read] == [0, 22, 66, 154, 330]


@given(
    st.lists(st.sampled_from([None, 1, 2, 3, 4, 5]), max_size=80),
    st.integers(1, 7),
)
def test_all_pages_together_show_every_story_once(stories, limit):
    hits, told, _ = windows(stories)
    pages = [fold(hits, told, offset, limit) for offset in range(0, len(stories) + 1, limit)]
    seqs = [first.seq for page in pages for first in page.firsts]
    wanted = [
        place + 1
        for place, story in enumerate(stories)
        if story is None or story not in stories[:place]
    ]
    assert seqs == wanted
    assert [page.more for page in pages] == [
        offset + limit < len(wanted) for offset in range(0, len(stories) + 1, limit)
    ]


def test_the_earliest_member_that_matches_is_shown():
    assert represented(5, [2, 3, 5, 8], lambda seq: seq != 2) == (3, [5, 8])
    assert represented(5, [2, 5], lambda _seq: False) == (5, [])


def test_a_hit_that_has_a_newer_version_by_now_is_shown_itself():
    assert represented(5, [2, 9], lambda seq: seq == 2) == (5, [2])
