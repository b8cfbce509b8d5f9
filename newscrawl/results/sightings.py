"""What later readings found of articles, in the words of whoever reads of it."""

from __future__ import annotations

from collections.abc import Mapping

from newscrawl.catalogue.sightings import Sighting, Standing, State

KINDS: Mapping[State, str] = {"edited": "改动", "moved": "移版", "gone": "撤下", "back": "恢复"}
ORIGINAL: Mapping[Standing, str] = {
    "unknown": "收录后没有复查过（{}）",
    "answers": "{} 复查时仍在",
    "moved": "{} 复查时仍在，已移到别的版面",
    "perhaps gone": "{} 没有找到，待再次复查确认",
    "gone": "已撤下，最近一次没有找到是 {}",
}
"""With `{}` for when that was seen."""


def why(sighting: Sighting) -> str:
    """Why it is taken for that; of what is back, why it was taken for gone."""
    return f"此前：{sighting.reason}" if sighting.state == "back" else sighting.reason
