"""Whoever crawls a real paper is asked to say who that is."""

from __future__ import annotations

import sys


def ask_for_contact(contact: str, allowed_private: str) -> None:
    """Ask for a contact where the settings name none; not on one's own machine."""
    if not contact and not allowed_private:
        print(
            "no contact of yours is in the User-Agent: a paper's operator cannot write to you; "
            "export NEWSCRAWL_CONTACT=mailto:you@example.org",
            file=sys.stderr,
        )
