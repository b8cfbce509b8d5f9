"""What can be said to a newspaper's spider with `-a NAME=VALUE`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from newscrawl.errors import UsageError
from newscrawl.text.dates import parse_day

NAMES = ("date", "since", "until", "site", "refresh", "recheck", "alert")
MOST_DAYS = 3700
MOST_RECHECKED = 366
AGES = (1, 2, 3, 5, 7, 10, 14, 21, *range(30, MOST_RECHECKED + 1, 30))
"""Of editions in days, at which they are read again: what papers change, they change soon."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which editions to read, where, and what is done with them."""

    days: tuple[date, ...]
    site: str | None = None
    """`http://host:port`, another host with the same structure."""
    refresh: bool = False
    """Whether what is held is fetched again."""
    recheck: bool = False
    """Whether only editions that are held are read, and their pictures not fetched again."""
    alert: bool = False
    """Whether subscribers are told also of editions of the past."""

    @classmethod
    def parse(cls, given: Mapping[str, str], today: date) -> Arguments:
        """Check everything before anything starts. Raises UsageError naming what is wrong."""
        for name in given:
            if name not in NAMES:
                raise UsageError(f"-a {name}: unknown argument; there are {', '.join(NAMES)}")
        recheck = "recheck" in given
        return cls(
            days=_rechecked(given, today) if recheck else _days(given, today),
            site=_site(given["site"]) if "site" in given else None,
            refresh=recheck or _flag(given, "refresh"),
            recheck=recheck,
            alert=_flag(given, "alert"),
        )


def _rechecked(given: Mapping[str, str], today: date) -> tuple[date, ...]:
    """The days whose editions are of an age to be read again, the oldest first."""
    for name in ("date", "since", "until", "refresh"):
        if name in given:
            raise UsageError(f"-a recheck: not together with {name}")
    text = given["recheck"]
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_RECHECKED):
        raise UsageError(f"-a recheck={text}: a number of days from 1 to {MOST_RECHECKED}")
    ages = [age for age in AGES if age <= int(text)]
    return tuple(today - timedelta(days=age) for age in reversed(ages))


def _days(given: Mapping[str, str], today: date) -> tuple[date, ...]:
    if "date" in given and ("since" in given or "until" in given):
        raise UsageError("-a date: not together with since or until")
    if "until" in given and "since" not in given:
        raise UsageError("-a until: say since when, with -a since=YYYY-MM-DD")
    first = _day(given, "date", _day(given, "since", today))
    last = _day(given, "until", first if "since" not in given else today)
    if last < first:
        raise UsageError(f"-a until={last}: before since={first}")
    if last > today:
        name = next(name for name in ("date", "until", "since") if name in given)
        raise UsageError(f"-a {name}={last}: in the future; today is {today} in Shanghai")
    count = (last - first).days + 1
    if count > MOST_DAYS:
        raise UsageError(f"-a since={first}: {count} days; at most {MOST_DAYS} in one run")
    return tuple(first + timedelta(days=offset) for offset in range(count))


def _day(given: Mapping[str, str], name: str, default: date) -> date:
    if name not in given:
        return default
    try:
        return parse_day(given[name])
    except ValueError as error:
        raise UsageError(f"-a {name}={given[name]}: {error}") from None


def _site(text: str) -> str:
    if "@" in text:
        raise UsageError("-a site: a name or password in the address is not used; leave it out")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"-a site={text}: {error}") from None
    more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or more or port == 0 or not _is_host(parts.hostname):
        raise UsageError(f"-a site={text}: not http://host[:port]")
    return f"{parts.scheme}://{parts.netloc}"


def _is_host(host: str | None) -> bool:
    """Whether this is a host's name, a Chinese one included, or its number."""
    if not host:
        return False
    try:
        name = host if host.isascii() else host.encode("idna").decode()
        return bool(_NAME.fullmatch(name)) or bool(":" in host and ip_address(host))
    except ValueError:
        return False


_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.IGNORECASE | re.ASCII)


def _flag(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "0")
    if text not in ("0", "1"):
        raise UsageError(f"-a {name}={text}: 0 or 1")
    return text == "1"
