"""The settings that keep a hostile site out, as they are in effect."""

from __future__ import annotations

import pytest
from scrapy.utils.project import get_project_settings

from newscrawl import settings
from newscrawl.ops import safety
from newscrawl.ops.safety import RULES, breaches, scrapy_is_safe

WRONG = {
    "TELNETCONSOLE_ENABLED": [True, None, 0],
    "REMOTE_CONTROL_ENABLED": [True, None],
    "DOWNLOAD_HANDLERS": [{}, {"data": None, "file": "x", "ftp": None, "s3": None}],
    "DOWNLOAD_MAXSIZE": [0, 2**30, True],
    "DOWNLOAD_TIMEOUT": [0, 180],
    "DOWNLOAD_FAIL_ON_DATALOSS": [False],
    "DOWNLOAD_VERIFY_CERTIFICATES": [False, None],
    "COOKIES_ENABLED": [True],
    "ROBOTSTXT_OBEY": [False],
    "REDIRECT_MAX_TIMES": [20],
    "METAREFRESH_ENABLED": [True],
    "REFERRER_POLICY": ["origin"],
    "HTTPPROXY_ENABLED": [True],
    "HTTPCACHE_ENABLED": [True],
    "DEPTH_LIMIT": [0],
    "CLOSESPIDER_PAGECOUNT": [0],
    "CLOSESPIDER_TIMEOUT": [0],
    "CLOSESPIDER_ERRORCOUNT": [0, None],
    "RUN_DEADLINE": [0],
    "MEMUSAGE_ENABLED": [False],
    "MEMUSAGE_LIMIT_MB": [0],
    "TWISTED_DNS_RESOLVER": ["scrapy.resolver.CachingThreadedResolver"],
    "DOWNLOADER_MIDDLEWARES": [{}, {"newscrawl.middlewares.Refusals": None}],
    "ALLOW_PRIVATE": [
        "169.254.169.254:80",
        "10.0.0.1:80, [fe80::1]:80",
        "100.100.100.200:80",
        "[::ffff:169.254.169.254]:80",
        "[FD00:EC2::254]:80",
        "Metadata.Google.Internal:80",
    ],
    "ALERTS_ALLOW_PRIVATE": ["169.254.170.2:80"],
    "PUBLIC_URL": ["http://news.example.org", "http://127.0.0.1.example.org:8000"],
    "QUERY_SECONDS": [0.0, None],
    "QUERY_MEGABYTES": [0],
}


def test_settings_are_safe():
    effective = get_project_settings()
    assert list(breaches(effective.get)) == []
    assert list(breaches(lambda name: getattr(settings, name))) == []
    assert scrapy_is_safe()


def test_every_rule_has_a_value_that_breaks_it():
    assert {rule.setting for rule in RULES} == set(WRONG)


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_setting_that_is_not_safe_is_found(name, value):
    changed = vars(settings) | {name: value}
    [breach] = breaches(changed.get)
    assert (breach.rule.setting, breach.value) == (name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOW_PRIVATE", "127.0.0.1:8095, [::1]:80, intranet:8080"),
        ("PUBLIC_URL", "https://news.example.org"),
        ("PUBLIC_URL", "http://127.0.0.1:8000"),
    ],
)
def test_what_an_operator_may_choose_is_no_breach(name, value):
    assert list(breaches((vars(settings) | {name: value}).get)) == []


@pytest.mark.parametrize(("installed", "safe"), [("2.9.0", False), ("2.14.2", True), ("3.0", True)])
def test_an_old_scrapy_is_found(monkeypatch, installed, safe):
    monkeypatch.setattr(safety, "version", lambda _name: installed)
    assert scrapy_is_safe() is safe
