from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.alerts.numbers import distinct, ranges, spread

COUNTS = st.lists(st.integers(0, 4), max_size=8)


@given(st.lists(st.integers(-5, 5)))
def test_distinct_numbers_ascend(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, np.int32)).tolist() == sorted(set(numbers))


@given(COUNTS, st.data())
def test_chosen_ranges_lie_end_to_end(counts: list[int], data: st.DataObject) -> None:
    begins = np.cumsum([0, *counts])
    chosen = data.draw(
        st.lists(st.sampled_from(range(len(counts))), max_size=5) if counts else st.just([])
    )
    numbers, starts = ranges(begins, np.array(chosen, np.intp))
    each = [list(range(begins[n], begins[n + 1])) for n in chosen]
    assert numbers.tolist() == [number for one in each for number in one]
    assert starts.tolist() == [sum(map(len, each[:place])) for place in range(len(each))]


def test_ranges_may_lie_in_any_order() -> None:
    numbers, starts = spread(np.array([7, 0, 3]), np.array([2, 2, 5]))
    assert numbers.tolist() == [7, 8, 3, 4, 5]
    assert starts.tolist() == [0, 2, 2]
