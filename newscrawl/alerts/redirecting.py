"""What waits where a subscription is told no more goes to where it is told instead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from newscrawl.alerts.plan import Keyed
from newscrawl.catalogue import (
    arrears,
    expiry,
    letters,
    matches,
    outbox,
    subscribers,
    subscriptions,
)
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.outbox import Delivery, Wanted
from newscrawl.catalogue.subscribers import Address


def redirect(
    tx: Transaction,
    subscription_id: int,
    first: Sequence[Address],
    otherwise: Sequence[Address],
    fallbacks: Collection[int],
    keyed: Keyed,
    now: str,
) -> None:
    """Let a subscription's messages go to these addresses and no others.

    What waits at others, `fallbacks` among them, goes to those that take their place, each article
    once; for the time at which it was due, also where it is not confirmed yet. What has begun to
    arrive is only cancelled, and so is everything where there is no address.
    """
    # One that was told first and is for that case only now is left as well.
    kept = [each.id for each in first] + [each.id for each in otherwise if each.id in fallbacks]
    leaving = letters.unsent(tx, subscription_id, but=kept)

    def instead(delivery: Delivery) -> Sequence[Address]:
        return (delivery.address_id in fallbacks and otherwise) or first

    wanted = moved(tx, subscription_id, leaving, instead, keyed, now)
    letters.cancel_of_subscription(tx, subscription_id, letters.REDIRECTED, but=kept)
    outbox.put(tx, wanted, now)


def moved(
    tx: Transaction,
    subscription_id: int,
    leaving: Collection[Delivery],
    instead: Callable[[Delivery], Iterable[Address]],
    keyed: Keyed,
    now: str,
) -> list[Wanted]:
    """What these deliveries of a subscription tell of, as it is to be told at other addresses, each
    article once: to be put once they are cancelled.
    """
    _once(tx, subscription_id, leaving)
    of = matches.of_deliveries(tx, [each.id for each in leaving])
    told = letters.told_at(tx, (match.id for each in of.values() for match in each))
    slots = expiry.slots(tx, of)
    wanted = []
    for delivery in leaving:
        for address in instead(delivery):
            # Made of the key that it had: it may come back to an address that it had left.
            key = keyed(f"{delivery.key}-{address.fingerprint}")
            for match in of.get(delivery.id, []):
                if (address.id, match.id) in told:
                    continue
                told.add((address.id, match.id))
                due = slots[delivery.id][match.id]
                # What was gathered is younger than what it was gathered by, and expires later.
                own = key if due == delivery.slot else keyed(f"{key} of {due}")
                wanted.append(
                    Wanted(subscription_id, address.id, match.id, own, due, joins=due > now)
                )
    return wanted


def _once(tx: Transaction, subscription_id: int, leaving: Collection[Delivery]) -> None:
    """What was held for an address that was not confirmed may have been heard of meanwhile."""
    places = subscribers.addresses_by_ids(tx, {each.address_id for each in leaving})
    held = [each.id for each in leaving if places[each.address_id].state == "pending"]
    if held:
        person = subscriptions.owners(tx, [subscription_id])[subscription_id]
        arrears.once(tx, [each.id for each in subscriptions.of_subscriber(tx, person)], held)
