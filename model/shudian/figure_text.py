"""What a figure counts, told from free text: the older columns have an indicator in anybody's words.

Nothing is guessed in silence: what is read here is said to be read, and a text that no pattern fits is not read.
"""

from __future__ import annotations

import re

from shudian.kinds import InputError
from shudian.parameters import HOME

# What an indicator in free text means: pattern, `city` or `china`, indicator, definition ("" where the words leave it
# open). The first that fits holds; a text that none fits is not compared.
_PHRASES = (
    ("城市|city", "china", "", ""),
    (
        r"overseas|海外|comic|漫|game|licen|许可|film|cumul|累计|price|fee|单价|cost|capex|wage|rent|award|fund|subsid",
        "city",
        "",
        "",
    ),
    (r"overseas|海外|comic|漫|game|licen|许可|film|cumul|累计|forecast|audiovisual|user|platform", "china", "", ""),
    ("multiple|fivefold|倍数", "city", "workers_growth", "heads"),
    ("流水.*亿|亿.*流水", "city", "firms_over_100_million", "billings"),
    (r"firms.*(>=|over|above) ?(1亿|100 million)|(过|超)亿元?企业", "city", "firms_over_100_million", "market_scale"),
    ("1000万|10 million", "city", "", ""),
    ("job|post|vacanc|招聘|岗位", "city", "", ""),
    ("growth|增长", "city", "", ""),
    ("share of national|占全国", "city", "titles_share", ""),
    ("审查|过审|review", "city", "titles_reviewed", "reviewed_titles"),
    ("备案|filed|filings", "city", "titles_filed", "filings"),
    ("热力榜|hot list", "city", "titles_on_hot_list", "hot_list"),
    ("monthly output|月产", "city", "titles_made", "industry_estimate"),
    ("crews.*per day|日均.*剧组", "city", "crews_per_day", "crews_on_set"),
    ("产值|output value", "city", "market", "local_output"),
    ("dataeye|咨询", "city", "market", "allocated_market"),
    ("market|市场规模", "city", "market", ""),
    ("registered.*firm|注册.*企业", "city", "firms", "registered_firms"),
    ("firm|enterprise|compan|producer|entit|企业|公司|主体", "city", "firms", ""),
    ("practitioner|worker|从业|就业", "city", "workers", "heads"),
    (r"market_size_growth|market growth|市场.*增长", "china", "market_growth", "gross_market"),
    ("paid|iap|付费|topup", "china", "market", "paid_market"),
    (r"market_ads|iaa|advertising|免费|广告", "china", "market", "ad_market"),
    (r"market[ _]size(?!_)|市场规模", "china", "market", "gross_market"),
    (r"jobs_total|total jobs", "china", "jobs_total", "total_jobs"),
    (r"jobs_direct|(?<!in)direct jobs|直接.*(就业|从业)", "china", "jobs_direct", "direct_jobs"),
    ("indirect|间接", "china", "jobs_indirect", "indirect_jobs"),
    (r"titles_year|titles of a year|全年作品", "china", "titles_online", "all_titles"),
)


def meaning_of(indicator: str, geography: str) -> tuple[str, str]:
    """Indicator and definition, in the vocabulary's words, of the free text `indicator` about `geography`.

    The definition is empty where the words leave it open. Raises InputError where what is counted cannot be told.
    """
    spot = {HOME: "city", "china": "china"}.get(geography, "")
    for pattern, where, meant, definition in _PHRASES:
        if where == spot and re.search(pattern, indicator, re.IGNORECASE):
            if not meant:
                break
            return meant, definition
    raise InputError(
        "what “{indicator}” of “{place}” counts cannot be told; write it in the vocabulary's words, with "
        "a column “definition”",
        indicator=indicator,
        place=geography,
    )
