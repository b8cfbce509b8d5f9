from __future__ import annotations

from tests.alerts.messages import MESSAGE


def test_a_message_never_shows_its_secret_links():
    assert "CANARY" not in repr(MESSAGE)
    assert "CANARY" in MESSAGE.unsubscribe + MESSAGE.feed
