"""What the settings must be: no hostile site gets anywhere, and no secret goes out in clear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

Test = Callable[[Any], bool]

OLDEST_SCRAPY = (2, 14, 2)
"""Before it, a header of a response was run as code."""
MEGABYTE = 2**20
HERE = ("localhost", "127.0.0.1", "::1")
METADATA = frozenset(
    {
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "metadata",
        "metadata.google.internal",
        "metadata.tencentyun.com",
    }
)
"""Beside the link-local addresses: where other clouds tell whoever asks what their keys are."""
FOREIGN_SCHEMES = ("data", "file", "ftp", "s3")


@dataclass(frozen=True, slots=True)
class Rule:
    """A setting and what it must be."""

    setting: str
    required: str
    """For a person: `False`, `1 to 30`."""
    holds: Test


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold."""

    rule: Rule
    value: Any


def _is(required: Any) -> tuple[str, Test]:
    return repr(required), lambda value: value == required and isinstance(value, type(required))


def _between(least: int, most: int) -> tuple[str, Test]:
    return f"{least} to {most}", lambda value: _number(value) and least <= value <= most


def _limited() -> tuple[str, Test]:
    return "a limit", lambda value: _number(value) and value > 0


def _without(*schemes: str) -> tuple[str, Test]:
    return (
        f"None for {', '.join(schemes)}",
        lambda value: all(scheme in value and value[scheme] is None for scheme in schemes),
    )


def _in_secret() -> tuple[str, Test]:
    return (
        "https: its links are secrets of those who read",
        lambda value: not value or value.startswith("https://") or urlsplit(value).hostname in HERE,
    )


def _without_metadata() -> tuple[str, Test]:
    return (
        "without the addresses at which clouds hand out their keys",
        lambda value: not any(map(_tells_keys, value.split(","))),
    )


def _tells_keys(pair: str) -> bool:
    host = pair.strip().rpartition(":")[0].strip("[]").lower().rstrip(".")
    with suppress(ValueError):
        found = ip_address(host)
        mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
        return (mapped or found).is_link_local or f"{mapped or found}" in METADATA
    return host in METADATA


def _with(name: str) -> tuple[str, Test]:
    return f"{name} at work", lambda value: value.get(name) is not None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


RULES = tuple(
    Rule(setting, *required)
    for setting, required in (
        ("TELNETCONSOLE_ENABLED", _is(False)),
        ("REMOTE_CONTROL_ENABLED", _is(False)),
        ("DOWNLOAD_HANDLERS", _without(*FOREIGN_SCHEMES)),
        ("DOWNLOAD_MAXSIZE", _between(1, 32 * MEGABYTE)),
        ("DOWNLOAD_TIMEOUT", _between(1, 30)),
        ("DOWNLOAD_FAIL_ON_DATALOSS", _is(True)),
        ("DOWNLOAD_VERIFY_CERTIFICATES", _is(True)),
        ("COOKIES_ENABLED", _is(False)),
        ("ROBOTSTXT_OBEY", _is(True)),
        ("REDIRECT_MAX_TIMES", _between(0, 5)),
        ("METAREFRESH_ENABLED", _is(False)),
        ("REFERRER_POLICY", _is("no-referrer")),
        ("HTTPPROXY_ENABLED", _is(False)),
        ("HTTPCACHE_ENABLED", _is(False)),
        ("DEPTH_LIMIT", _limited()),
        ("CLOSESPIDER_PAGECOUNT", _limited()),
        ("CLOSESPIDER_TIMEOUT", _limited()),
        ("CLOSESPIDER_ERRORCOUNT", _limited()),
        ("RUN_DEADLINE", _limited()),
        ("MEMUSAGE_ENABLED", _is(True)),
        ("MEMUSAGE_LIMIT_MB", _limited()),
        ("TWISTED_DNS_RESOLVER", _is("newscrawl.middlewares.GuardedResolver")),
        ("DOWNLOADER_MIDDLEWARES", _with("newscrawl.middlewares.Refusals")),
        ("ALLOW_PRIVATE", _without_metadata()),
        ("ALERTS_ALLOW_PRIVATE", _without_metadata()),
        ("PUBLIC_URL", _in_secret()),
        ("QUERY_SECONDS", _limited()),
        ("QUERY_MEGABYTES", _limited()),
    )
)


def breaches(value_of: Callable[[str], Any]) -> Iterator[Breach]:
    """The rules that the settings behind `value_of` break; it gets a setting's name."""
    for rule in RULES:
        value = value_of(rule.setting)
        if not rule.holds(value):
            yield Breach(rule, value)


def scrapy_is_safe() -> bool:
    """Whether the installed Scrapy has the fixes that we count on."""
    return tuple(map(int, re.findall(r"\d+", version("scrapy"))[:3])) >= OLDEST_SCRAPY
