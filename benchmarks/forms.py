"""Forms as papers print them every day: one frame, other figures and names."""

from __future__ import annotations

import random
from itertools import cycle, islice

_FORMS = """\
市气象台今天发布天气预报：今天夜里{sky}，明天{sky}，气温{n}到{n}℃，{wind}风{n}到{n}级，
空气相对湿度{n}%到{n}%。请市民注意添减衣物，外出带好雨具。

中国福利彩票双色球第20231{n}期开奖公告：红球{n}、{n}、{n}、{n}、{n}、{n}，蓝球{n}。
本期一等奖{n}注，单注奖金{n}{n}万元，奖池滚存{n}亿元。

停电通知：因线路检修，{street}、{street}一带将于{n}日{n}时至{n}时停电，请有关用户做好准备，
如提前完工将提前送电，不再另行通知。供电服务热线95598。

今日油价：92号汽油每升{n}.{n}元，95号汽油每升{n}.{n}元，0号柴油每升{n}.{n}元。

昨日沪指收报{n}{n}.{n}点，{move}{n}.{n}%；深成指收报{n}{n}.{n}点，
{move}{n}.{n}%；创业板指收报{n}{n}.{n}点，{move}{n}.{n}%。
两市成交额{n}{n}亿元，北向资金净流入{n}.{n}亿元。

讣告：本市离休干部{name}同志，因病医治无效，于12月{n}日在本市逝世，享年{n}岁。遵照逝者生前遗愿，丧事从简，
遗体告别仪式定于{n}日上午{n}时举行。

遗失声明：{name}不慎遗失身份证一张，号码尾数{n}{n}，声明作废。

{name}，{street}居民，昨天在本市{street}拾到钱包一只，内有现金{n}{n}元和证件若干，
请失主与本报读者热线联系认领，联系电话{n}{n}{n}{n}。
"""
_PARTS = {
    "{sky}": ("晴到多云", "多云转阴", "阴有小雨", "大雨转中雨", "晴", "阴转多云"),
    "{wind}": ("东北", "西南", "偏北", "东南"),
    "{street}": ("清河路", "柳浦街", "望江坊", "文澜里", "石桥新村", "白塔弄", "金沙苑", "三里亭"),
    "{move}": ("上涨", "下跌"),
    "{name}": ("林知远", "苏晓棠", "陈一鸣", "周若川", "许望舒", "何清扬", "方慎之", "唐若水"),
}


def forms(count: int, dice: random.Random) -> list[str]:
    """So many different ones, of every frame equally many."""
    made = dict.fromkeys(_filled(form, dice) for form in islice(cycle(_frames()), count))
    return list(made)


def _frames() -> list[str]:
    return [each.replace("\n", "") for each in _FORMS.split("\n\n")]


def _filled(form: str, dice: random.Random) -> str:
    for part, choices in _PARTS.items():
        while part in form:
            form = form.replace(part, dice.choice(choices), 1)
    while "{n}" in form:
        form = form.replace("{n}", str(dice.randint(1, 99)), 1)
    return form
