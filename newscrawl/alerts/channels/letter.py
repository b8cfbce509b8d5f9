"""A message as an e-mail."""

from __future__ import annotations

from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from newscrawl.alerts.channels.mailto import Mailbox
from newscrawl.alerts.message import Message
from newscrawl.alerts.rendering.dialects import LETTER, LETTER_HTML, Dialect
from newscrawl.alerts.rendering.inert import headed
from newscrawl.alerts.rendering.layout import Layout, tidied, title
from newscrawl.alerts.rendering.phrases import PHRASES
from newscrawl.alerts.rendering.splitting import divided
from newscrawl.catalogue.outbox import WITHHELD
from newscrawl.errors import NewscrawlError

_POLICY = policy.SMTP.clone(cte_type="7bit")
_LANGUAGES = {"zh": "zh-CN", "en": "en"}


class Unlinked(NewscrawlError):
    """No link to unsubscribe: no e-mail goes out without."""


def parts(message: Message, most: int) -> list[Message]:
    """What the e-mails that tell a message are of: as a rule there is one."""
    return divided(tidied(message), lambda one: len(_page(one).encode()), most // 2)


def headed_letter(mailbox: Mailbox, subject: str, key: str) -> EmailMessage:
    """A letter without a text; `key` makes its Message-ID, the same in every attempt."""
    letter = EmailMessage(_POLICY)
    letter["From"] = Address(headed(mailbox.name), addr_spec=mailbox.sender)
    letter["To"] = Address(addr_spec=mailbox.recipient)
    letter["Subject"] = headed(subject)
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter["Message-ID"] = f"<{key}@{mailbox.sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    return letter


def letter_of(message: Message, mailbox: Mailbox, part: int, parts: int) -> EmailMessage:
    """One of these, which are numbered from 1 on, with plain text and HTML.

    Raises Unlinked for a message that its reader could not end.
    """
    if not message.unsubscribe:
        raise Unlinked(WITHHELD)
    number = f".{part}" if part > 1 else ""
    letter = headed_letter(mailbox, title(message, part, parts), f"{message.key}{number}")
    letter["List-Unsubscribe"] = f"<{message.unsubscribe}>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(_text(message, LETTER), cte="base64")
    letter.add_alternative(_page(message), subtype="html", cte="base64")
    return letter


def _text(message: Message, dialect: Dialect) -> str:
    layout = Layout(dialect, PHRASES[message.language])
    blocks = [layout.item(item) for item in message.items]
    return (dialect.newline * 2).join([*blocks, layout.foot(message)])


def _page(message: Message) -> str:
    return (
        f'<!doctype html>\n<html lang="{_LANGUAGES[message.language]}">'
        f'<head><meta charset="utf-8"><title>{escape(title(message))}</title></head>\n'
        f"<body>{_text(message, LETTER_HTML)}</body></html>\n"
    )
