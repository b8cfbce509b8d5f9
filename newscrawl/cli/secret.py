"""`newscrawl subscriptions secret`: what the receiver of a webhook checks signatures with."""

from __future__ import annotations

import sys

import typer

from newscrawl import settings
from newscrawl.alerts.addresses import WEBHOOK
from newscrawl.alerts.overview import one_held
from newscrawl.alerts.secrets import Secrets
from newscrawl.alerts.signing import signing_secret
from newscrawl.alerts.wishes import ME
from newscrawl.cli.desk import Name, Person, catalogue


def secret(
    name: Name,
    person: Person = ME,
) -> None:
    """Print the secrets by which its webhooks tell that a message is ours, in their order.

    Nothing else ever prints them; how they are used is in docs/alerts.md.
    """
    with catalogue() as opened, opened.read() as tx:
        found = one_held(tx, person, name)
    webhooks = [each for each in (*found.addresses, *found.otherwise) if each.kind == WEBHOOK]
    if not webhooks:
        print(f"{name}: no webhook among its addresses: only these are signed", file=sys.stderr)
        raise typer.Exit(1)
    secrets = Secrets.of(settings.secret_key(), settings.home().secret_key)
    for address in webhooks:
        secrets.opened(address.sealed)  # with another key it would be another secret
        print(f"{address.shown}: {signing_secret(secrets, address)}")
