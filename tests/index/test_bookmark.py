from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import UsageError
from newscrawl.index.bookmark import Bookmark

NUMBERS = st.integers(0, 2**40)


@given(
    NUMBERS,
    st.integers(0, 10**6),
    st.none() | NUMBERS,
    st.sets(st.integers(1, 2**40), min_size=1, max_size=50),
    st.integers(0, 2**32 - 1),
)
def test_what_is_written_is_read(mark, rows, total, shown, asked):
    written = Bookmark(mark, rows, total, tuple(sorted(shown)), asked)
    assert Bookmark.read(str(written)) == written


def test_a_copy_that_was_cut_off_or_changed_is_refused():
    whole = str(Bookmark(900, 20, 300, (3, 4, 70, 500, 501, 899), asked=7))
    start = whole.index(".") + 2
    for copy in (
        *(whole[:end] for end in range(start, len(whole))),
        whole.replace("900.", "901."),
        whole[:-1] + ("A" if whole[-1] != "A" else "B"),
    ):
        with pytest.raises(UsageError, match="missing or changed"):
            Bookmark.read(copy)


def test_a_bookmark_is_short_and_no_shell_minds_it():
    text = str(Bookmark(100_000, 20, 3_000, tuple(range(5_000, 100_000, 4_750))))
    assert len(text) < 100
    assert all(character.isalnum() or character in ".-_" for character in text)
    assert text[0] != "-"
    assert len(str(Bookmark(10**6, 1, 1, tuple(range(0, 10**6, 100))))) < 30_000


def test_a_mark_alone_is_a_bookmark_too():
    assert Bookmark.read("17") == Bookmark(17)
    assert str(Bookmark(17)) == "17"


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "-1", "1.", "1.!", ".AAAA", "1.A", "1.AA", "1.gA", "1.____", "9" * 19, "1 2",
        "1." + "A" * 10**6, "1.AAAA" + "AQ" * 30_000, "1.AAD__________38",
        "一", "١", "\ud800", "1\n",
    ],
)  # fmt: skip
def test_c7_anything_else_is_refused_in_one_line(text):
    with pytest.raises(UsageError) as refusal:
        Bookmark.read(text)
    assert len(str(refusal.value)) < 120
    assert "\n" not in str(refusal.value)
