"""The names of the formats."""

from __future__ import annotations

from typing import Literal

Format = Literal["plain", "markdown", "html"]
