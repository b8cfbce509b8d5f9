"""The e-mail that asks whether an address is its reader's: nothing else comes before the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels import smtp
from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.channels.guard import SECONDS, Bounds
from newscrawl.alerts.channels.letter import headed_letter
from newscrawl.alerts.channels.mailto import Mailbox, mailbox
from newscrawl.alerts.message import Language
from newscrawl.alerts.outcome import Outcome, Refused
from newscrawl.errors import UsageError


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    before: str
    after: str


_WORDS: Mapping[Language, _Words] = {
    "zh": _Words(
        "请确认用这个邮箱接收新闻提醒",
        "有人要用这个邮箱接收 newscrawl 的新闻提醒。如果是您本人，请打开下面的链接确认：",
        "如果不是您，不必理会：不确认，就不会再收到任何邮件。",
    ),
    "en": _Words(
        "Please confirm that news alerts may come to this address",
        "Somebody wants newscrawl to send news alerts to this address. If it was you, open:",
        "If not, do nothing: without it nothing more will come.",
    ),
}


def ask(
    url: str,
    link: str,
    key: str,
    language: Language,
    allowed: AllowedPrivate,
    seconds: float = SECONDS,
) -> Outcome:
    """Send it. `link` shows what is confirmed; `key` is the letter's, another for every secret.

    Never raises for what a network or an address does.
    """
    try:
        to = mailbox(parsed(url))
    except UsageError as error:
        return Refused(str(error))
    with Bounds(seconds) as bounds:
        return smtp.send(to, _letter(to, link, key, _WORDS[language]), allowed, bounds)


def _letter(to: Mailbox, link: str, key: str, words: _Words) -> EmailMessage:
    letter = headed_letter(to, words.subject, key)
    letter.set_content(f"{words.before}\n\n{link}\n\n{words.after}\n", cte="base64")
    return letter
