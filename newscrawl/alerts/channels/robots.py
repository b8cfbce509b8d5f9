"""What robots of groups, and applications, call a refusal for good, which they answer with 200."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_Codes = Mapping[int, str]
_WECOM: _Codes = {
    93000: "no such key, or the robot was removed",
    93004: "the robot is switched off",
    93008: "the robot is not in the group",
}
_WECHAT: _Codes = {
    40001: "no such secret",
    40013: "no such company",
    40056: "no such application",
    60020: "not from a sender that its settings ask for",
    81013: "none of those it is for may be told by the application",
    301002: "the secret is of another application",
}
"""Of fetching the token, too: without it nothing is sent."""
_DINGTALK: _Codes = {
    300001: "no such token",
    300005: "no such token",
    310000: "without the keyword, signature or sender that its settings ask for",
    400013: "the group was dissolved",
    400101: "no such token",
    400102: "the robot is switched off",
    400106: "no such robot",
    430101: "for a link in it",
    430102: "for its text",
    430104: "for its text",
}
_FEISHU: _Codes = {
    19001: "no such token",
    19021: "without the signature that its settings ask for",
    19022: "not from a sender that its settings ask for",
    19024: "without the keyword that its settings ask for",
}
"""Not 9499: a body that cannot be read, and also too many of them."""
_ROBOTS: Mapping[str, tuple[str, _Codes]] = {
    "wecombot": ("errcode", _WECOM),
    "wechat": ("errcode", _WECHAT),
    "dingtalk": ("errcode", _DINGTALK),
    "feishu": ("code", _FEISHU),
    "lark": ("code", _FEISHU),
}
"""By the scheme: where the code stands, and which there are."""


def refusal(scheme: str, answer: bytes) -> int:
    """The code by which a channel refuses a message for good; 0 where it does not say so."""
    name, codes = _ROBOTS.get(scheme, ("", {}))
    code = number(answer, name) if name else 0
    return code if code in codes else 0


def why(scheme: str, code: int) -> str:
    """What that code means, in words of ours."""
    return _ROBOTS[scheme][1][code]


def number(answer: bytes, name: str) -> int:
    """What a JSON object has under a name; 0 where that is none or no whole number."""
    try:
        read: Any = json.loads(answer)
    except ValueError:
        return 0
    found = read.get(name, 0) if isinstance(read, dict) else 0
    return found if isinstance(found, int) else 0
