from newscrawl.platforms.hangzhou import HangzhouSpider


class HangzhouCommerce(HangzhouSpider):
    """每日商报."""

    name = "hangzhou_commerce"
    title = "每日商报"
    code = "mrsb"
