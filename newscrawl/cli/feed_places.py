"""Where the feeds of a subscription are read: whoever knows that can read them."""

from __future__ import annotations

from collections.abc import Iterator

from newscrawl import settings
from newscrawl.alerts.feed_files import kept_in
from newscrawl.alerts.feeds import WRITERS
from newscrawl.alerts.links import Links
from newscrawl.alerts.secrets import Secrets
from newscrawl.catalogue.subscribers import option
from newscrawl.catalogue.subscriptions import Subscription


def places(subscription: Subscription) -> Iterator[str]:
    """Addresses, files, or both, as the settings have it; none where they have neither.

    Raises SecretsError where the key is another than that of the subscriptions.
    """
    links, folder = Links.parse(settings.PUBLIC_URL), kept_in(settings.home())
    secret = _secret(subscription)
    for form in WRITERS:
        if links:
            yield links.feed(secret, form)
        if folder:
            yield str(folder / f"{secret}.{form}")


def file_names(subscription: Subscription) -> Iterator[str]:
    """What its files are called in any folder."""
    secret = _secret(subscription)
    for form in WRITERS:
        yield f"{secret}.{form}"


def tell(person: str, subscription: Subscription) -> None:
    """Print it, or how one comes by it."""
    known = list(places(subscription))
    for place in known:
        print(f"  {place}")
    if not known:
        which = f"{subscription.name}{option(person)}"
        print(
            "  its feed is read where NEWSCRAWL_PUBLIC_URL is set and `newscrawl serve` runs, or "
            "as a file: `newscrawl feeds DIRECTORY` writes it, `newscrawl subscriptions feed "
            f"{which}` tells its name"
        )


def _secret(subscription: Subscription) -> str:
    sealed = subscription.feed.sealed
    return Secrets.of(settings.secret_key(), settings.home().secret_key).opened(sealed)
