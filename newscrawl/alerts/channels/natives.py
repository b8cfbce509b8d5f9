"""Addresses as services give them out, `https://…`, in the words of their channels.

Posted to as a plain webhook, many a robot answers 200 to a body that it does not understand, with
its refusal inside. So these hosts are never plain webhooks: what cannot be read here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode

from newscrawl.errors import UsageError

_OF_A_MESSAGE = frozenset(
    {
        *("title", "desp", "short", "text", "content", "body", "subtitle", "summary", "msg"),
        *(
            "message",
            "template",
            "contentType",
            "type",
            "parse_mode",
            "url",
            "icon",
            "badge",
            "copy",
        ),
        *("copy", "autoCopy", "automaticallyCopy", "isArchive", "wait", "debug"),
    }
)
"""Parameters in what people copy that say nothing of where it goes: they are left out."""


@dataclass(frozen=True, slots=True)
class _Spelling:
    path: str
    """A regular expression for all of it."""
    to: str
    """The address of the channel, with `{}` for named groups of the path and for parameters."""
    keeps: Mapping[str, str] = field(default_factory=dict)
    """Parameters that are passed on beside `format`, and what the channel calls them."""

    def read(self, path: str, options: Mapping[str, str]) -> str | None:
        """None for what is spelt otherwise."""
        found = re.fullmatch(self.path, path, re.ASCII)
        if found is None:
            return None
        values = {**options, **found.groupdict()}
        used = set(re.findall(r"{(\w+)}", self.to))
        if not all(values.get(name) for name in used):
            return None
        keeps = {"format": "format", **self.keeps}
        if options.keys() - used - keeps.keys() - _OF_A_MESSAGE:
            return None
        address = self.to.format(**{name: quote(values[name], safe="") for name in used})
        kept = {name: options[known] for known, name in keeps.items() if options.get(known)}
        if not kept:
            return address
        return f"{address}{'&' if '?' in address else '?'}{urlencode(kept, quote_via=quote)}"


@dataclass(frozen=True, slots=True)
class _Service:
    form: str
    """How its channel is written, for people."""
    spellings: tuple[_Spelling, ...]


_LAST = r"(?P<token>[\w-]+)/?"
_WECOM = _Service("wecombot://KEY", (_Spelling("/cgi-bin/webhook/send/?", "wecombot://{key}/"),))
_DINGTALK = _Service(
    "dingtalk://TOKEN, or dingtalk://SECRET@TOKEN where the robot asks for a signature",
    (
        _Spelling("/robot/send/?", "dingtalk://{secret}@{access_token}/"),
        _Spelling("/robot/send/?", "dingtalk://{access_token}/"),
    ),
)
_HOOK = f"/open-apis/bot/v2/hook/{_LAST}"
_FEISHU = _Service("feishu://TOKEN", (_Spelling(_HOOK, "feishu://{token}/"),))
_LARK = _Service("lark://TOKEN", (_Spelling(_HOOK, "lark://{token}/"),))
_SCHAN = _Service(
    "schan://SENDKEY, with the SendKey of sct.ftqq.com",
    (_Spelling(r"/(?P<key>[A-Za-z0-9]+)\.send/?", "schan://{key}/"),),
)
_NO_SCHAN = _Service(_SCHAN.form, ())
_SC3 = _Service(
    "sc3://SENDKEY, with the SendKey of sc3.ft07.com",
    (_Spelling(r"/send/(?P<key>sctp\d+t\w+)\.send/?", "sc3://{key}/", {"tags": "tags"}),),
)
_NO_SC3 = _Service(_SC3.form, ())
_CHOSEN = {"topic": "topic", "channel": "channel", "webhook": "webhook", "option": "option"}
_PUSHPLUS = _Service(
    "pushplus://TOKEN, or pushplus://TOKEN/@FRIEND",
    (
        _Spelling("/(send|batchSend)/?", "pushplus://{token}/%40{to}", _CHOSEN),
        _Spelling("/(send|batchSend)/?", "pushplus://{token}/", _CHOSEN),
        _Spelling(f"/send/{_LAST}", "pushplus://{token}/", _CHOSEN),
    ),
)
_WXPUSHER = _Service(
    "wxpusher://AT_TOKEN/UID_USER",
    (
        _Spelling("/api/send/message/?", "wxpusher://{appToken}/{topicId}/{uid}"),
        _Spelling("/api/send/message/?", "wxpusher://{appToken}/{uid}"),
        _Spelling("/api/send/message/?", "wxpusher://{appToken}/{topicId}"),
    ),
)
_BARK = _Service(
    "barks://api.day.app/KEY",
    (
        _Spelling(
            "/(?!push(/|$))(?P<key>[A-Za-z0-9]+)(/.*)?",
            "barks://api.day.app/{key}",
            {"group": "group", "sound": "sound", "level": "level"},
        ),
    ),
)
_NTFY = _Service(
    "ntfys://ntfy.sh/TOPIC", (_Spelling(r"/(?P<topic>[\w-]+)/?", "ntfys://ntfy.sh/{topic}"),)
)
_TELEGRAM = _Service(
    "tgram://BOT_TOKEN/CHAT_ID",
    (
        _Spelling(
            r"/bot(?P<bot>\d+):(?P<token>[\w-]+)/sendMessage/?",
            "tgram://{bot}:{token}/{chat_id}/",
            {"message_thread_id": "topic"},
        ),
    ),
)
_DISCORD = _Service(
    "discord://ID/TOKEN",
    (
        _Spelling(
            rf"/api(/v\d+)?/webhooks/(?P<id>\d+)/{_LAST}",
            "discord://{id}/{token}",
            {"thread_id": "thread"},
        ),
    ),
)
_SERVICES = r"/services/(?P<a>\w+)/(?P<b>\w+)/(?P<c>\w+)/?"
_SLACK = _Service(
    "slack://A/B/C",
    (
        _Spelling(_SERVICES, "slack://{a}/{b}/{c}/"),
        _Spelling(
            r"/workflows/(?P<a>\w+)/(?P<b>\w+)/(?P<c>\w+)/(?P<d>\w+)/?",
            "slack://{a}/{b}/{c}/{d}/?mode=workflow",
        ),
        _Spelling(
            r"/triggers/(?P<a>\w+)/(?P<b>\w+)/(?P<c>\w+)/?",
            "slack://{a}/{b}/{c}/?mode=trigger",
        ),
    ),
)
_SLACK_GOV = _Service(
    "slack://A/B/C/?mode=gov-hook", (_Spelling(_SERVICES, "slack://{a}/{b}/{c}/?mode=gov-hook"),)
)
_QQ = _Service("qq://KEY", (_Spelling("/send/(?P<key>[A-Za-z0-9]+)/?", "qq://{key}/"),))
_PUSHDEER = _Service("pushdeers://KEY", (_Spelling("/message/push/?", "pushdeers://{pushkey}/"),))

_HOSTS = {
    "qyapi.weixin.qq.com": _WECOM,
    "oapi.dingtalk.com": _DINGTALK,
    "open.feishu.cn": _FEISHU,
    "open.larksuite.com": _LARK,
    "sctapi.ftqq.com": _SCHAN,
    **dict.fromkeys(("sc.ftqq.com", "sct.ftqq.com"), _NO_SCHAN),
    "push.ft07.com": _SC3,
    "sc3.ft07.com": _NO_SC3,
    **dict.fromkeys(("pushplus.plus", "www.pushplus.plus", "pushplus.hxtrip.com"), _PUSHPLUS),
    "wxpusher.zjiecode.com": _WXPUSHER,
    "api.day.app": _BARK,
    "ntfy.sh": _NTFY,
    "api.telegram.org": _TELEGRAM,
    **dict.fromkeys(("discord.com", "ptb.discord.com", "canary.discord.com"), _DISCORD),
    "discordapp.com": _DISCORD,
    "hooks.slack.com": _SLACK,
    "hooks.slack-gov.com": _SLACK_GOV,
    "qmsg.zendee.cn": _QQ,
    "api2.pushdeer.com": _PUSHDEER,
}


def native(scheme: str, host: str, path: str, query: str) -> str | None:
    """The address of the channel whose service has this host; None where no service has.

    `scheme` is that of a webhook, `host` ASCII in lower case. Raises UsageError, without the
    address in it, for what leads to no one there, or may not.
    """
    # Before the name of a service there may stand a key.
    named = host if host in _HOSTS else host.partition(".")[2]
    service = _HOSTS.get(named)
    if service is None:
        return None
    given = parse_qsl(query, keep_blank_values=True)
    options = dict(given)
    if scheme in ("http", "https") and len(options) == len(given):
        for spelling in service.spellings:
            if (address := spelling.read(unquote(path), options)) is not None:
                return address
    raise UsageError(
        f"{scheme}://{named}/…: no webhook that takes what is sent to one: write {service.form}"
    )
