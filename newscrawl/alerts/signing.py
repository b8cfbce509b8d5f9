"""By what the receiver of a webhook tells that a message is ours: a secret for each address."""

from __future__ import annotations

from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue.subscribers import Address


def signing_secret(secrets: Secrets, address: Address) -> str:
    """32 hex digits; the same as long as the key and the address are.

    Of the number as well, so that nobody who names another's webhook as theirs learns that
    other's secret; and of the URL, should a number be given anew after a backup was restored.
    """
    return secrets.fingerprint(f"signature {address.id} {address.fingerprint}")
