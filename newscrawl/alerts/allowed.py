"""The private addresses to which messages and the heartbeat may go, as the settings have them."""

from __future__ import annotations

from newscrawl import settings
from newscrawl.addresses import AllowedPrivate

SETTING = "NEWSCRAWL_ALERTS_ALLOW_PRIVATE"


def allowed_private() -> AllowedPrivate:
    """Raises UsageError for a setting that cannot be read."""
    return AllowedPrivate.parse(settings.ALERTS_ALLOW_PRIVATE, SETTING)
