"""How much is compared for those who ask, by counting what is compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.text.changes import MOST_CHARACTERS as READ
from newscrawl.text.changes import changes
from newscrawl.web import comparing
from newscrawl.web.comparing import AT_ONCE, KEPT, MOST_COMPARED, Body, Comparisons, bodies
from tests.makers import article, record
from tests.reports import FERRY

FIRST = Body(1, FERRY)


@pytest.fixture
def compared(monkeypatch):
    """The pairs that were compared, in their order."""
    made = []

    def noted(one, other):
        made.append((one, other))
        return changes(one, other)

    monkeypatch.setattr(comparing, "changes", noted)
    return made


def reprint(seq):
    return Body(seq, [*FERRY, f"第{seq}次转载。"])


def test_e14_a_pair_is_compared_once(compared):
    comparisons = Comparisons()
    told = [comparisons.told(FIRST, [reprint(2), reprint(3)]) for _ in range(3)]
    assert told[0] == told[1] == told[2]
    assert told[0][2].changes == (("增加", "", "第2次转载。"),)
    assert len(compared) == 2


def test_an_unchanged_pair_is_compared_once_as_well(compared):
    comparisons = Comparisons()
    for _ in range(2):
        assert comparisons.told(FIRST, [Body(2, FERRY)])[2].changes == ()
    assert len(compared) == 1


def test_so_many_pairs_are_kept(compared):
    comparisons = Comparisons()
    every = [reprint(seq) for seq in range(2, KEPT + 3)]
    comparisons.told(FIRST, every)
    comparisons.told(FIRST, every[1:])
    assert len(compared) == KEPT + 1
    comparisons.told(FIRST, every[:1])
    assert len(compared) == KEPT + 2


@given(
    st.integers(0, READ),
    st.lists(st.integers(0, READ) | st.just(READ), max_size=20),
)
def test_e14_so_many_characters_are_compared_for_a_page(first, reprints):
    made = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "changes", lambda *both: made.append(both) or [])
        every = [Body(seq, ["渡" * size]) for seq, size in enumerate(reprints, 2)]
        told = Comparisons().told(Body(1, ["口" * first]), every)
    assert sum(len(text) for both in made for (text,) in both) <= MOST_COMPARED
    assert len(told) == len(made)
    if len(told) < len(every):
        assert first * len(every) + sum(reprints) > MOST_COMPARED, "there was no room for all"


def test_e14_one_compares_a_few_wait_and_others_are_told_nothing(monkeypatch):
    begun, free, at_work = Event(), Event(), []

    def slow(one, other):
        at_work.append(other)
        assert len(at_work) == 1
        begun.set()
        assert free.wait(30)
        at_work.remove(other)
        return changes(one, other)

    monkeypatch.setattr(comparing, "changes", slow)
    comparisons = Comparisons()
    with ThreadPoolExecutor(AT_ONCE + 8) as readers:
        asked = [
            readers.submit(comparisons.told, FIRST, [reprint(seq)])
            for seq in range(2, AT_ONCE + 10)
        ]
        try:
            assert begun.wait(30)
            refused = list(islice(as_completed(asked, timeout=30), 8))
        finally:
            free.set()
        told = [each.result() for each in asked]
    assert [each.result() for each in refused] == [{}] * 8
    assert sum(map(len, told)) == AT_ONCE
    assert comparisons.told(FIRST, [reprint(99)]), "who comes later is told"


def test_what_is_not_compared_of_a_body_is_not_kept(held):
    record(held, article(1, paragraphs=["渡" * READ, "口" * 9, "岸"]))
    with held.read() as view:
        [body] = bodies(view, [1]).values()
    assert (body.seq, [len(each) for each in body.paragraphs]) == (1, [READ])
