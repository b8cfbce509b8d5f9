"""A message that says nothing new, to see whether an address can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.sending import send
from newscrawl.alerts.links import Links
from newscrawl.alerts.message import Item, Language, Message
from newscrawl.alerts.outcome import Outcome
from newscrawl.alerts.secrets import Secrets
from newscrawl.alerts.signing import signing_secret
from newscrawl.catalogue.subscribers import Address
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.query.highlight import Passage
from newscrawl.text.dates import shown

_WORDS: dict[Language, tuple[str, str]] = {
    "zh": ("这是一条测试消息", "收到它，就说明这个地址可以送达。"),
    "en": ("This is a test", "It has arrived, so this address can be reached."),
}


def reach(
    secrets: Secrets,
    links: Links | None,
    allowed: AllowedPrivate,
    subscription: Subscription,
    language: Language,
    addresses: Iterable[Address],
) -> Iterator[tuple[Address, Outcome]]:
    """Send it to each address, with the subscription's link to unsubscribe, and what became of it.
    Nothing of it is kept.

    Raises SecretsError where the key is another than that of the addresses.
    """
    ending = links.unsubscribe(secrets.opened(subscription.unsubscribe.sealed)) if links else ""
    for address in addresses:
        now = datetime.now(UTC)
        message = Message(
            key=secrets.fingerprint(f"test {address.id} {now.isoformat()}"),
            subscription=subscription.name,
            query=subscription.query,
            items=(_item(language, now),),
            language=language,
            unsubscribe=ending,
        )
        url, secret = secrets.opened(address.sealed), signing_secret(secrets, address).encode()
        yield address, send(url, message, allowed, secret=secret)


def _item(language: Language, now: datetime) -> Item:
    headline, text = _WORDS[language]
    return Item(Passage(headline), "newscrawl", "", shown(now), Passage(text))
