from __future__ import annotations

from email.utils import formatdate

import pytest

from newscrawl.alerts.channels.retry import LEAST, LONGEST, wait

NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", LEAST),
        ("99999999999999999999", LONGEST),
        ("9" * 400, None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        (formatdate(NOW + 90, usegmt=True), 90),
        (formatdate(NOW - 10_000, usegmt=True), LEAST),
        (formatdate(NOW + 10_000_000, usegmt=True), LONGEST),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
        ("Fri, 99 Dec 2023 99:59:59 GMT", None),
        ("Tue, 14 Nov 2023 22:14:20 -0000", 60),
        ("١٢", None),
    ],
)
def test_what_is_asked_for_is_honoured_within_bounds(said, seconds):
    assert wait(said, NOW) == seconds
