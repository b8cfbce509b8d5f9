from __future__ import annotations

import pytest

from newscrawl.ops.contact import ask_for_contact


@pytest.mark.parametrize(
    ("contact", "private", "asked"),
    [("", "", True), ("mailto:me@example.org", "", False), ("", "127.0.0.1:8095", False)],
)
def test_whoever_crawls_a_real_paper_is_asked_who_that_is(capsys, contact, private, asked):
    ask_for_contact(contact, private)
    assert ("NEWSCRAWL_CONTACT" in capsys.readouterr().err) is asked
