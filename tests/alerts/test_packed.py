from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.alerts.packed import Packed


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_every_text_comes_back(texts: list[str]) -> None:
    packed = Packed()
    for text in texts:
        packed.append(text)
    assert len(packed) == len(texts)
    assert [packed[number] for number in range(len(packed))] == texts
