from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.index.lines import line_of
from newscrawl.text.grams import GAP, gram_line
from tests.query.pairs import PIECES


@given(st.lists(st.text() | st.lists(st.sampled_from(PIECES)).map("".join), max_size=5))
@example([])
@example(["", "，"])
@example(["，的。", "5g手机a股", "_a_"])
@example(["\ud800临\udfff", "𠮷䶮〇々a𠮷"])
def test_a_line_is_the_grams_of_its_texts(texts: list[str]) -> None:
    lines = [" ".join(gram_line(text)) for text in texts]
    assert line_of(texts) == f" {GAP} ".join(filter(None, lines))


def test_every_character_is_of_the_same_kind() -> None:
    for first in range(0, 0x110000, 0x1000):
        text = "".join(map(chr, range(first, first + 0x1000)))
        assert line_of([text]) == " ".join(gram_line(text))
