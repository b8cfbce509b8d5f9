"""Chinese first, English for who prefers it."""

from __future__ import annotations

from dataclasses import fields

import pytest

from newscrawl.web.language import preferred
from newscrawl.web.wording import WORDING, Words


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9", "en"),
        ("en", "en"),
        ("EN-gb;q=0.3, zh-TW;q=0.2", "en"),
        ("en;q=0.5,zh;q=0.5", "en"),
        ("en;q=0", "zh"),
        ("fr,de;q=0.9", "zh"),
        ("fr,en;q=0.1", "en"),
        ("en;q=many,zh;q=0.1", "zh"),
        ("en;q=2", "zh"),
        ("en;q=nan", "zh"),
        ("english", "zh"),
        (",;,;q=,", "zh"),
    ],
)
def test_the_preferred_language_is_taken(header, language):
    assert preferred(header) == language


def test_both_languages_say_everything():
    chinese, english = WORDING["zh"], WORDING["en"]
    assert chinese.errors.keys() == english.errors.keys()
    for each in fields(Words):
        assert getattr(chinese, each.name)
        assert getattr(english, each.name)
