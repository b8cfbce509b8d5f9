"""Errors that a person reads: one line that says what happened, to what, and what to do."""

from __future__ import annotations


class NewscrawlError(Exception):
    """Shown as its one line on stderr; `status` is the process's exit status."""

    status = 1


class UsageError(NewscrawlError):
    """The call itself is wrong: an unknown argument, a date that cannot be read."""

    status = 2
