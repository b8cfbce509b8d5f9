from newscrawl.platforms.hangzhou import HangzhouSpider


class MetroExpress(HangzhouSpider):
    """都市快报."""

    name = "metro_express"
    title = "都市快报"
    code = "dskb"
