"""Three ways of writing the same newspaper: what differs is values, never code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Links(Enum):
    """How an address is written in the markup."""

    RELATIVE = "relative"
    ROOTED = "rooted"
    ABSOLUTE = "absolute"


@dataclass(frozen=True, slots=True)
class Captioned:
    """The elements of a picture and its caption, each a name and a class (empty: none)."""

    around: tuple[str, str]
    caption: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Skin:
    """How the site writes and sends its pages."""

    name: str
    encoding: str = "utf-8"
    """The codec of the bytes."""
    declared: str = "utf-8"
    """The charset that the page names."""
    charset_in_header: bool = True
    gzip: bool = False
    """For HTML, where the client accepts it."""
    chunked: bool = False
    doctype: str = "<!DOCTYPE html>"
    uppercase: bool = False
    quote: str = '"'
    reversed_attributes: bool = False
    links: Links = Links.RELATIVE
    area_query: str = ""
    """Stands behind the links of image maps."""
    polygons_only: bool = False
    """Rectangular areas are written as polygons of four corners, too."""
    headings: tuple[str, ...] = ("h3", "h1", "h2")
    """h1 主题, h2 副题, h3 引题, in the order in which they stand."""
    empty_headings: bool = False
    """A heading level without text is written all the same."""
    line_break: str = "<br/>"
    """Between the lines of a headline, on the article's own page."""
    wrappers: tuple[str, ...] = ()
    """Classes of needless elements around what matters, outermost first."""
    spans: bool = False
    """Text stands in a needless element of its own inside its paragraph."""
    captioned: Captioned = Captioned(("figure", ""), ("figcaption", ""))
    without_areas: frozenset[str] = frozenset()
    """Pages whose image has no map: only the article list names their articles."""
    without_list: frozenset[str] = frozenset()
    """Pages whose article list is empty: only the image map names their articles."""
    lost_list: frozenset[str] = frozenset()
    """Pages whose article list is not there at all (404)."""


PLAIN = Skin("plain", gzip=True, empty_headings=True)

ORNATE = Skin(
    "ornate",
    charset_in_header=False,
    chunked=True,
    reversed_attributes=True,
    links=Links.ABSOLUTE,
    area_query="?div=1",
    polygons_only=True,
    headings=("h1", "h2", "h3"),
    line_break="\n　　",
    wrappers=("main", "main-inner clearfix"),
    spans=True,
    captioned=Captioned(("div", "pic"), ("p", "caption")),
    without_areas=frozenset({"A03", "A09"}),
)

LEGACY = Skin(
    "legacy",
    encoding="gb18030",
    declared="gb2312",
    gzip=True,
    chunked=True,
    doctype='<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">',
    uppercase=True,
    quote="'",
    links=Links.ROOTED,
    headings=("h2", "h3", "h1"),
    line_break="<BR>",
    without_list=frozenset({"A02"}),
    lost_list=frozenset({"A07"}),
)

SKINS = {skin.name: skin for skin in (PLAIN, ORNATE, LEGACY)}
