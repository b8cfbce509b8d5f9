"""What the routes work with."""

from __future__ import annotations

from dataclasses import dataclass, field

from newscrawl.alerts.links import Links
from newscrawl.catalogue.connection import Catalogue
from newscrawl.web.comparing import Comparisons
from newscrawl.web.pages import Pages


@dataclass(frozen=True, slots=True)
class Site:
    """A home as people see it from outside. Shared by the threads that answer."""

    catalogue: Catalogue
    links: Links | None
    """None without NEWSCRAWL_PUBLIC_URL: then nothing is linked to from outside."""
    contact: str
    """Whom a reader may write to; empty where nobody is named."""
    pages: Pages
    comparisons: Comparisons = field(default_factory=Comparisons)
