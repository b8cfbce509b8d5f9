"""Asking people whether the e-mail addresses that were given are theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.asking import ask
from newscrawl.alerts.directory import Confirmation
from newscrawl.alerts.links import Links
from newscrawl.alerts.outcome import Outcome
from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue.subscribers import Address, Language


@dataclass(frozen=True, slots=True)
class Asker:
    """Writes to addresses that wait for their confirmation."""

    secrets: Secrets
    links: Links
    allowed: AllowedPrivate

    def ask(
        self, waiting: Iterable[Confirmation], languages: Mapping[int, Language]
    ) -> Iterator[tuple[Address, Outcome]]:
        """Send each its link, in the language of its person; what became of it."""
        for each in waiting:
            address = each.address
            outcome = ask(
                self.secrets.opened(address.sealed),
                self.links.confirm(each.token),
                self.secrets.fingerprint(f"confirm {each.token}"),
                languages[address.subscriber_id],
                self.allowed,
            )
            yield address, outcome
