"""The deliverer as the settings make it."""

from __future__ import annotations

from collections.abc import Callable

from newscrawl import settings
from newscrawl.alerts.allowed import allowed_private
from newscrawl.alerts.client import deliverer_lock
from newscrawl.alerts.composing import Composer
from newscrawl.alerts.delivering import Deliverer, Policy, Report
from newscrawl.alerts.journal import Journal
from newscrawl.alerts.links import Links
from newscrawl.alerts.secrets import Secrets
from newscrawl.background import alone
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.pace import Pace


def policy() -> Policy:
    """As the settings say."""
    return Policy(
        in_flight=settings.DELIVERIES_IN_FLIGHT,
        tries=settings.DELIVERY_TRIES,
        first_retry=settings.DELIVERY_RETRY_SECONDS,
        lease=settings.DELIVERY_LEASE_SECONDS,
        kept=settings.DELIVERY_KEPT_HOURS * 3600,
        patience=settings.DELIVERY_FALLBACK_MINUTES * 60,
    )


def deliver(
    home: Home,
    catalogue: Catalogue,
    secrets: Secrets,
    ahead: float,
    coming: Callable[[], bool] = lambda: False,
) -> Report | None:
    """Send what is due, and what will be in `ahead` seconds, as long as more is `coming`; None
    where somebody does already.

    Raises SecretsError with another key than that of the subscriptions, UsageError for a setting.
    """
    made = Deliverer(
        catalogue,
        Composer(secrets, Links.parse(settings.PUBLIC_URL)),
        Journal(home.told, secrets.fingerprint),
        Pace(home.run / "channels"),
        allowed_private(),
        policy(),
    )
    try:
        sent = alone(
            deliverer_lock(home), lambda: made.run(ahead, coming), lambda: made.due_within(ahead)
        )
    finally:
        made.close()
    return made.report if sent else None
