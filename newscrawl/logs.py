"""What processes in the background write down: a line each, with its time in Shanghai."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from newscrawl.text.dates import SHANGHAI

_LINE = "%(asctime)s.%(msecs)03d+08:00 %(message)s"


def begin() -> None:
    """From now on write to stderr what is logged: `2023-12-15 06:00:03.124+08:00 …`."""
    formatter = logging.Formatter(_LINE, "%Y-%m-%d %H:%M:%S")
    formatter.converter = _in_shanghai
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.INFO)


def _in_shanghai(seconds: float | None) -> time.struct_time:
    return datetime.fromtimestamp(seconds or 0.0, SHANGHAI).timetuple()
