from __future__ import annotations

import pytest

from newscrawl.alerts.addresses import told_apart
from newscrawl.errors import UsageError

MARK = "5ae0c2f1" * 4


def mail(name):
    return f"mailto://post.example/?from=a@b.example&to={name}@c.example"


@pytest.mark.parametrize(
    ("url", "others", "said"),
    [
        (mail("anna"), [], "a…@c.example"),
        (mail("anna"), ["a…@d.example"], "a…@c.example"),
        (mail("anna"), ["a…@c.example"], "a…a@c.example"),
        (mail("ann"), ["a…@c.example"], "a…@c.example #5ae0"),
        (mail("anna"), ["a…@c.example", "a…a@c.example"], "a…@c.example #5ae0"),
        ("json://a.example:8080/x", ["json://a.example/…"], "json://a.example/… #5ae0"),
        ("wecombot://key", ["wecombot://…"], "wecombot://… #5ae0"),
        ("wecombot://key", ["wecombot://…", "wecombot://… #5ae0"], "wecombot://… #5ae0c"),
    ],
)
def test_addresses_that_are_shown_alike_are_told_apart(url, others, said):
    assert told_apart(url, MARK, others) == said


def test_what_is_no_address_is_not_repeated():
    with pytest.raises(UsageError) as refusal:
        told_apart("canary", MARK, [])
    assert "canary" not in str(refusal.value)
