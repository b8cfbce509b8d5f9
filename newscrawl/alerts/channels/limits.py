"""What a channel takes at once, how often, and in which format."""

from __future__ import annotations

from dataclasses import dataclass, replace

from newscrawl.alerts.channels.addresses import Address, parsed
from newscrawl.alerts.channels.others import described
from newscrawl.alerts.rendering.formats import Format
from newscrawl.alerts.rendering.splitting import Measure, in_bytes, in_characters, in_escaped

MOST_PARTS = 5
"""Of a message in a chat. A digest of 300 articles would be 100 at 企业微信: nobody reads them, and
a robot that may send 20 a minute is busy with them for as long.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one part of a message, title and body together."""

    size: int
    measure: Measure = in_bytes
    """What `size` counts: bytes of UTF-8, where nothing else is known."""
    a_minute: int | None = None
    format: Format = "plain"
    formats: frozenset[Format] = frozenset({"plain"})
    """What an address may ask for with `format=`."""
    parts: int = MOST_PARTS
    """At most, where the channel is a chat; those of a webhook and e-mails are not counted."""
    titled: bool = True
    """Whether there is a place for a title; else it is the body's first line."""


_BOTH: frozenset[Format] = frozenset({"plain", "markdown"})
_WEBHOOK = Limits(256 * 1024)
_LETTER = Limits(1024 * 1024, format="html")
_WECOM = Limits(2_048, a_minute=20, titled=False)
_DINGTALK = Limits(19_900, measure=in_escaped, a_minute=20, formats=_BOTH)
_FEISHU = Limits(19_900, formats=_BOTH, a_minute=100)
_NTFY = Limits(4_000, formats=_BOTH)
_BARK = Limits(3_500, formats=_BOTH)

TABLE: dict[str, Limits] = {
    **dict.fromkeys(("http", "https", "json", "jsons"), _WEBHOOK),
    **dict.fromkeys(("mailto", "mailtos"), _LETTER),
    **dict.fromkeys(("wecombot", "wechat"), _WECOM),
    "dingtalk": _DINGTALK,
    **dict.fromkeys(("feishu", "lark"), _FEISHU),
    **dict.fromkeys(("ntfy", "ntfys"), _NTFY),
    **dict.fromkeys(("bark", "barks"), _BARK),
    "pushplus": Limits(20_000, format="html"),
    "schan": Limits(30_000, format="markdown"),
    "sc3": Limits(30_000, a_minute=20, format="markdown"),
    "wxpusher": Limits(30_000, formats=_BOTH),
    "tgram": Limits(4_096, measure=in_characters, a_minute=20, format="html", titled=False),
    "discord": Limits(1_900, measure=in_characters, a_minute=30, format="markdown"),
    "slack": Limits(30_000, a_minute=60),
}
LEAST = 140
"""Bytes: what a service takes at least, whatever Apprise says."""


def limits(url: str) -> Limits:
    """Of the channel of an address. Raises as `others.described` does.

    One that is not in the table is looked up with Apprise, once.
    """
    address = parsed(url)
    known = TABLE.get(address.scheme)
    if known is None:
        known = _of_apprise(address)
    return replace(known, format=_chosen(address, known))


_ASKED: dict[str, Limits] = {}


def _of_apprise(address: Address) -> Limits:
    if address.scheme not in _ASKED:
        report = described(address.url)
        _ASKED[address.scheme] = Limits(max(LEAST, report.body_bytes), titled=report.titled)
    return _ASKED[address.scheme]


def _chosen(address: Address, known: Limits) -> Format:
    wanted = _NAMED.get(dict(address.options()).get("format", ""))
    return wanted if wanted is not None and wanted in known.formats else known.format


_NAMED: dict[str, Format] = {"text": "plain", "markdown": "markdown"}
