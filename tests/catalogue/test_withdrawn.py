"""How what is taken down is known again, and what is too little for that."""

from __future__ import annotations

import pytest

from newscrawl.catalogue.withdrawn import (
    SHORTEST,
    Tombstone,
    address_mark,
    content_marks,
    prefix_of,
    strongest,
)
from newscrawl.errors import UsageError

LONG = "停航两天的渡口今晨恢复通航，首班船载客三十人，码头上挤满了等候的市民，许多人带着相机。"


def test_variants_of_an_address_have_one_mark_and_do_not_say_it():
    marks = {address_mark(f"{each}://Example.com/a.html#top") for each in ("http", "https")}
    assert len(marks) == 1
    assert "example" not in marks.pop()


def test_a_body_is_known_again_whatever_its_layout():
    one = content_marks("0", LONG)
    assert content_marks("1", f"　{LONG[:20]}\n\n{LONG[20:]} ")[1] == one[1]
    assert content_marks("1", LONG.replace("恢复", "恢復"))[1] == one[1]
    assert content_marks("1", LONG.replace("三十", "四十"))[1] != one[1]


def test_what_is_short_has_no_mark_of_its_own_for_it_could_be_guessed():
    assert content_marks("0", "一" * (SHORTEST - 1)) == ["content:0"]


@pytest.mark.parametrize(
    "url", ["", "example.com/a", "https://example.com", "ftp://a/b", "http://["]
)
def test_a_prefix_names_a_host_and_a_path(url):
    with pytest.raises(UsageError):
        prefix_of(url)


def test_a_prefix_is_an_address():
    assert prefix_of("http://Example.com/a/b") == "example.com/a/b"


def test_the_strongest_decides():
    def stone(scope, at):
        return Tombstone("1", "article", "", scope, "", "other", "", at)

    hide, erase = stone("hide", "2026-03-02"), stone("erase", "2026-03-01")
    assert strongest([hide, erase]) is erase
    assert strongest([]) is None


def test_the_day_of_a_takedown_is_that_of_shanghai():
    late = "2024-03-01T17:30:00.000000+00:00"
    taken = Tombstone("1", "article", "", "hide", "", "other", "", late)
    assert taken.notice == "taken down on 2024-03-02 (hide, other)"
