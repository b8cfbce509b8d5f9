"""Which channels may be told: those that are known here, and what the operator adds to them.

Apprise has some 180, and among them services of e-mail, of short messages and of telephone calls,
which reach whomever an address names. Only a `mailto` address is asked whether it may be used.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newscrawl import settings
from newscrawl.alerts.channels.addresses import Address, shown
from newscrawl.errors import UsageError

NTFY = frozenset({"ntfy", "ntfys"})
_TOPIC = re.compile("[A-Za-z0-9_-]{1,64}")
SETTING = "NEWSCRAWL_ALERTS_ALLOW_SCHEMES"
KNOWN = frozenset(
    {
        *("http", "https", "json", "jsons", "mailto", "mailtos", "ntfy", "ntfys", "bark", "barks"),
        *("wecombot", "wechat", "dingtalk", "feishu", "lark", "pushplus", "wxpusher", "qq"),
        *(
            "schan",
            "sc3",
            "pushdeer",
            "pushdeers",
            "gotify",
            "gotifys",
            "tgram",
            "discord",
            "slack",
        ),
    }
)
"""What they send is tested, and each tells those only who have let it."""


def check(address: Address) -> None:
    """Raises UsageError, without the address in it, for one that may tell people unasked."""
    if address.scheme not in KNOWN | _added():
        raise UsageError(
            f"{shown(address.url)}: no channel that is known here; e-mail goes by mailtos://, "
            f"which asks its reader first; what else may be told all the same is listed "
            f"in {SETTING}"
        )
    if address.scheme not in NTFY:
        return
    if not _names_topics(address):
        raise UsageError(
            f"{shown(address.url)}: names no topic: ntfy://HOST/TOPIC, of letters, digits, _ and -"
        )
    if _mails(address):
        raise UsageError(
            f"{shown(address.url)}: email= would write to somebody who was not asked; e-mail goes "
            "by mailtos://"
        )


def _added() -> frozenset[str]:
    names = (each.strip().lower() for each in settings.ALERTS_ALLOW_SCHEMES.split(","))
    return frozenset(each.removesuffix("://") for each in names if each)


def _names_topics(address: Address) -> bool:
    """Whether all that it names may be topics: the parts of its path, or else its host."""
    parts = urlsplit(address.url)
    topics = [each for each in parts.path.split("/") if each]
    topics = topics or [parts.netloc.rpartition("@")[2]]
    return all(map(_TOPIC.fullmatch, topics))


def _mails(address: Address) -> bool:
    return any(name.strip().lower() == "email" for name, _text in address.options())
