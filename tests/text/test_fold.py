import sys

from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.text import fold as room
from newscrawl.text.fold import fold


@given(st.text(), st.text())
@example("Σ", "Σ")
@example("İ", "ß")
def test_folding_knows_no_context(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


@given(st.text())
@example("薴")
@example("Ａ")
def test_folding_keeps_the_length_and_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_every_single_character_folds_to_one_that_stays() -> None:
    for code in range(sys.maxunicode + 1):
        folded = fold(chr(code))
        assert len(folded) == 1
        assert fold(folded) == folded


def test_no_character_that_changes_is_passed_by() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert fold(every) == every.translate(room._table())


def test_full_width_capitals_and_blanks() -> None:
    assert fold("ＡＩ　５Ｇ：（ｘ）\u00a0É") == "ai 5g:(x) é"


def test_traditional_characters_one_by_one() -> None:
    assert fold("臺灣記者後來發現") == "台湾记者后来发现"
    assert fold("乾坤") == fold("干坤")


def test_characters_of_simplified_text_that_differ_stay_different() -> None:
    for one, other in ("著着", "么幺", "腭颚"):
        assert fold(one) != fold(other)


def test_compatibility_ideographs_are_their_characters() -> None:
    assert fold("\uf9dc") == "隆"


def test_what_would_become_two_characters_stays() -> None:
    assert fold("㎡½İ") == "㎡½İ"
