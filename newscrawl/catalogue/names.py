"""Names that people give to what they keep: searches, subscriptions, themselves."""

from __future__ import annotations

import re

from newscrawl.errors import UsageError

_NAME = re.compile(r"\w[\w-]{0,39}")


def check_name(name: str) -> None:
    """Raises UsageError for a name that cannot be one."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"name {name!r}: at most 40 letters, digits, Han characters, - and _, "
            "beginning with no -"
        )
