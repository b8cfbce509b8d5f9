from newscrawl.platforms.hangzhou import HangzhouSpider


class HangzhouDaily(HangzhouSpider):
    """杭州日报."""

    name = "hangzhou_daily"
    title = "杭州日报"
    code = "hzrb"
