"""Every setting that matters, the security ones written out; the only reader of the environment.

A setting X is overridden by the environment's NEWSCRAWL_X. Scrapy reads this module; everybody
else calls `home()` and reads the constants.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newscrawl import __version__
from newscrawl.errors import UsageError
from newscrawl.home import Home

# --- who we are, and how politely we come
CONTACT = ""
"""An address or page by which a paper's operator reaches whoever runs this crawler; without one
the User-Agent names the project's.
"""
BOT_NAME = "newscrawl"
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0
"""Seconds between two requests to a host, kept across all newscrawl processes."""
DOWNLOAD_DELAY_JITTER = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 4
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 30.0
RETRY_TIMES = 3
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"

# --- what is fetched
FETCH_IMAGES = True
"""Fetch and archive page images and the pictures of articles."""

# --- bounds
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
DEPTH_LIMIT = 12
DEPTH_PRIORITY = -1
"""Deepest first: the articles of a page before the next page, and that before the next day, so
that what waits in a back-fill of years stays small.
"""
CLOSESPIDER_PAGECOUNT = 20_000
CLOSESPIDER_ERRORCOUNT = 100
RUN_DEADLINE = 3 * 3600
"""Seconds after which a run is ended, from inside if it still answers, else by the kernel."""
RUN_GRACE = 60
"""Seconds that a run told to end has, before the kernel ends it."""
MEMUSAGE_ENABLED = True
MEMUSAGE_CHECK_INTERVAL_SECONDS = 5.0
MEMUSAGE_LIMIT_MB = 1024
FREE_SPACE_MB = 200
"""Megabytes that must be free where the data lies before a run begins."""
FREE_SPACE_DAYS = 14
"""For fewer days of the present growth, `status` and `doctor` warn; 0: never."""

# --- what is read again
RECHECK_DAYS = 7
"""Of past days, whose editions `schedule` and `watch` have read again at night; 0 for none."""
WITHDRAWN_MINUTES = 10.0
"""Between two readings that both find an article gone, at least, before it counts as withdrawn."""

# --- what a crawler must not offer or follow
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPPROXY_ENABLED = False
HTTPCACHE_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "newscrawl.middlewares.GuardedResolver"
ALLOW_PRIVATE = ""
"""Private addresses that may be fetched all the same: `host:port,host:port`."""

# --- the way of an article
SPIDER_MODULES = ["newscrawl.spiders"]
COMMANDS_MODULE = "newscrawl.commands"
EXTENSIONS = {
    "scrapy.extensions.memusage.MemoryUsage": None,
    "newscrawl.extensions.OwnMemory": 0,
    "newscrawl.extensions.Session": 0,
    "newscrawl.extensions.Progress": 20,
}
DOWNLOADER_MIDDLEWARES = {
    "newscrawl.middlewares.Refusals": 920,
    "newscrawl.middlewares.Snapshots": 950,
    "newscrawl.middlewares.Politeness": 980,
}
ITEM_PIPELINES = {
    "newscrawl.pipelines.Normalise": 100,
    "newscrawl.pipelines.Snapshot": 200,
    "newscrawl.pipelines.Record": 300,
    "newscrawl.pipelines.Segment": 400,
    "newscrawl.pipelines.Index": 500,
}
CONCURRENT_ITEMS = 4
"""Tasks that Scrapy starts for every single response; a page yields one article at most."""
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 500_000
"""Bytes of responses on their way through the pipelines before the next are waited for: what
the disk cannot take at once stays with the site and not in memory.
"""

# --- the index
INDEX = "whoosh:indexes"
"""`ENGINE:DIRECTORY`: the engine, whoosh or tantivy, and the home's directory for its files."""
INDEX_PROCESSES = 2
"""That build an index anew, at most: each takes some 150 MB."""

# --- how large a query may be
QUERY_LENGTH = 4_096
"""Characters."""
QUERY_CLAUSES = 256
"""Words, phrases, names and dates in all."""
QUERY_DEPTH = 32
"""Parentheses inside one another; at most 100."""
QUERY_DISTANCE = 100
"""The n of `"a b"~n`."""
QUERY_NEAR = 6
"""The words of one `"a b"~n`; at most 8."""

# --- what a search may take
QUERY_SECONDS = 10.0
"""Then it is ended, whatever it does."""
QUERY_MEGABYTES = 1024
"""Memory of the process that searches, what it maps of the index left out; at least 256."""
SEARCH_WORKERS = 2
"""Processes that search for a service, each a search at a time."""

# --- subscriptions
PUBLIC_URL = ""
"""`https://host`, where people reach `newscrawl serve`; without it no e-mail is sent, for its
links to confirm and to unsubscribe would lead nowhere.
"""
FEEDS = ""
"""A directory for the subscriptions' feeds as files, which whoever sends keeps up to date."""
SUBSCRIPTIONS_EACH = 100
"""That one person may have."""
ADDRESSES_EACH = 10
"""At which one person may be told."""

DELIVERIES_IN_FLIGHT = 8
"""Messages on their way at once, each at an address of its own: as many may come twice after a
kill, with the same key.
"""
DELIVERY_TRIES = 20
"""Attempts before a delivery is dead; `newscrawl outbox` shows it and sends it again."""
DELIVERY_RETRY_SECONDS = 30.0
"""Before the second attempt, about; then each time twice as long, up to six hours."""
DELIVERY_LEASE_SECONDS = 300.0
"""For which a delivery belongs to whoever sends it; after a kill it is taken again then."""
DELIVERY_KEPT_HOURS = 72.0
"""After which what could not be sent is old news, and is not sent any more."""
DELIVERY_FALLBACK_MINUTES = 60.0
"""Of failing, after which the addresses for that case (`--else`) are told as well."""
HEARTBEAT_URL = ""
"""Asked after every run that worked; `{work}` in it is `deliver`, or the paper that was crawled."""
ALERTS_ALLOW_PRIVATE = ""
"""Private addresses that messages, and the heartbeat, may go to: `host:port,host:port`."""
ALERTS_ALLOW_SCHEMES = ""
"""Apprise's schemes beside those that are known here, `matrix,mmosts`. Nobody is asked there."""

# --- what a subscription may ask for before it is warned of
SUBSCRIPTION_SHARE = 0.2
"""Of all articles of some days: beyond it a subscription fires on everything."""
SUBSCRIPTION_CLAUSES = 64
"""Words, phrases, names and dates in all."""
SUBSCRIPTION_COST = 2_000
"""Words looked for among 1,000 articles."""

# --- who stamps the head of the manifests
STAMP = ""
"""`rfc3161:URL` of an authority, or `opentimestamps:URL,URL` of calendars; without it, nobody.
Private ones are allowed by ALERTS_ALLOW_PRIVATE.
"""
STAMP_CA = ""
"""A file of PEM certificates that an authority's must lead to."""

# --- what is said
LOG_LEVEL = "WARNING"
LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S%z"
"""This machine's time, and which that is."""
LOGSTATS_INTERVAL = 0

HOME = ""
"""Where the data lies; see `home()`."""


def home(directory: Path | None = None) -> Home:
    """NEWSCRAWL_HOME, else the nearest parent of `directory` (the working one) with scrapy.cfg.

    Raises UsageError when there is neither.
    """
    named = os.environ.get("NEWSCRAWL_HOME") or HOME
    if named:
        return Home(Path(named).resolve())
    start = (directory or Path.cwd()).resolve()
    for parent in (start, *start.parents):
        if (parent / "scrapy.cfg").is_file():
            return Home(parent)
    raise UsageError(
        f"{start}: no scrapy.cfg here or above: set NEWSCRAWL_HOME to the data directory, "
        "or change into the project"
    )


def secret_key() -> str:
    """NEWSCRAWL_SECRET_KEY, what the addresses of subscribers are sealed with; empty: a file is.

    No constant, because those are printed: by `scrapy settings`, and into crontabs.
    """
    return os.environ.get("NEWSCRAWL_SECRET_KEY", "")


def overridden(defaults: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings that the environment gives another value, of the default's type.

    Raises UsageError for a value that is not of that type.
    """
    changed: dict[str, Any] = {}
    for name, default in defaults.items():
        text = environment.get(f"NEWSCRAWL_{name}")
        if name.isupper() and text is not None and isinstance(default, _PLAIN):
            changed[name] = _parsed(name, text, type(default))
    return changed


_PLAIN = (bool, int, float, str)
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _parsed(name: str, text: str, kind: type[Any]) -> Any:
    try:
        return _FLAGS[text.lower()] if kind is bool else kind(text)
    except (KeyError, ValueError):
        raise UsageError(
            f"NEWSCRAWL_{name}={text!r}: not a value of type {kind.__name__}"
        ) from None


try:
    _given = overridden(dict(globals()), os.environ)
except UsageError as error:
    # Whoever imports the settings cannot go on; a traceback would say less than this line.
    print(error, file=sys.stderr)
    sys.exit(error.status)

globals().update(_given)
GIVEN = tuple(sorted(set(_given) - {"HOME"}))
"""The settings that the environment gives."""
USER_AGENT = f"newscrawl/{__version__} (+{CONTACT or 'https://github.com/newscrawl/newscrawl'})"
CLOSESPIDER_TIMEOUT = RUN_DEADLINE
