"""E-mails that wait because whoever was to send them has no link to unsubscribe by."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.catalogue import upcoming
from newscrawl.catalogue.connection import Transaction


@dataclass(frozen=True, slots=True)
class Withheld:
    """How many, and what to do."""

    messages: int

    @classmethod
    def of(cls, view: Transaction) -> Withheld | None:
        """None where none does."""
        count = upcoming.withheld(view)
        return cls(count) if count else None

    @property
    def what(self) -> str:
        several = "1 e-mail waits" if self.messages == 1 else f"{self.messages:,} e-mails wait"
        return f"{several}: who was to send had no NEWSCRAWL_PUBLIC_URL"

    @property
    def remedy(self) -> str:
        return (
            "set it for whatever sends, also in cron and in units of systemd; then "
            "`newscrawl deliver`"
        )
