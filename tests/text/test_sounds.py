import pytest

from newscrawl.text.sounds import alike


@pytest.mark.parametrize(
    ("one", "other"), [("林", "临"), ("肖", "萧"), ("运", "云"), ("重", "冲"), ("绿", "旅")]
)
def test_tones_do_not_matter(one: str, other: str) -> None:
    assert one in alike(other)
    assert other in alike(one)


@pytest.mark.parametrize(("one", "other"), [("林", "灵"), ("旅", "路"), ("山", "三")])
def test_other_sounds_are_other_characters(one: str, other: str) -> None:
    assert one not in alike(other)


@pytest.mark.parametrize("character", ["𠮷", "a", "7", "一"])
def test_every_character_is_like_itself(character: str) -> None:
    assert character in alike(character)
