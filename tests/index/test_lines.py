from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.index.lines import lines_of
from newscrawl.text.grams import GAP, gram_line
from tests.query.pairs import PIECES

TEXTS = st.lists(st.text() | st.lists(st.sampled_from(PIECES)).map("".join), max_size=5)


@given(st.lists(TEXTS, min_size=1, max_size=5))
@example([[]])
@example([["", "，"], [], ["，的。", "5g手机a股", "_a_"], [""]])
@example([["\ud800临\udfff", "𠮷䶮〇々a𠮷"], ["a"], ["b"]])
def test_a_line_is_the_grams_of_its_texts(columns: list[list[str]]) -> None:
    assert lines_of(columns) == [plain(texts) for texts in columns]


def plain(texts: list[str]) -> str:
    lines = (" ".join(gram_line(text)) for text in texts)
    return f" {GAP} ".join(filter(None, lines))


def test_every_character_is_of_the_same_kind() -> None:
    for first in range(0, 0x110000, 0x1000):
        text = "".join(map(chr, range(first, first + 0x1000)))
        assert lines_of([[text]]) == [plain([text])]
