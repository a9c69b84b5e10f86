"""What reports count: titles filed, national titles, national heads and the jobs that hang on them."""

from shudian.equations.language import Term, auxiliary


@auxiliary("title/month", "报审作品", "Titles submitted")
def submitted_titles(title_completions: Term, ai_title_completions: Term, ai_submitted_share: Term) -> Term:
    """City titles that go before the regulator: live action, and of AI titles those that are not left to the platforms.

    中文：报主管部门备案、审查的作品：实拍作品，以及AI作品中不只由平台自审的部分。

    Why: Live titles and the part of AI titles that does not stay with platforms' own review.

    为何：实拍，加AI作品中不由平台自审的部分。

    Evidence: ZG21
    """
    return title_completions + ai_submitted_share * ai_title_completions


@auxiliary("title/month", "备案作品", "Filed titles")
def filed_titles(submitted_titles: Term, filed_ratio: Term) -> Term:
    """Titles filed in the city: a coverage ratio times what is submitted.

    中文：备案口径的作品数：口径系数×报审作品。

    Why: A coverage ratio for the definition: filings, reviews and titles online are three counts of one thing.

    为何：各口径各有系数：备案、审查、上线是对同一事物的三种计数。

    Evidence: ZD01, ZD02
    """
    return submitted_titles * filed_ratio


@auxiliary("title/month", "审查上线作品", "Reviewed titles")
def reviewed_titles(submitted_titles: Term, reviewed_ratio: Term) -> Term:
    """Titles as review counts them: a coverage ratio times what is submitted.

    中文：审查上线口径的作品数：口径系数×报审作品。

    Why: As for filings, with a ratio of its own.

    为何：同备案，系数另设。

    Evidence: ZD03, ZD04
    """
    return submitted_titles * reviewed_ratio


@auxiliary("title/month", "全国计数作品", "National titles as counted")
def national_counted_titles(national_supply: Term, national_count_ratio: Term) -> Term:
    """National titles, AI titles among them, as reports count them: a coverage ratio times all that reach platforms.

    中文：报道口径的全国作品数（含AI作品）：口径系数×到达平台的全部作品。

    Why: One ratio for all national counts, so that a count says something of the others.

    为何：各项全国计数共用一个系数，使一个数能说明另一个。
    """
    return national_supply * national_count_ratio


@auxiliary("title/month", "全国计数AI作品", "National AI-native titles as counted")
def national_counted_ai_titles(national_ai_titles: Term, national_count_ratio: Term) -> Term:
    """AI-native titles as reports count them, by the coverage ratio of all titles.

    中文：报道口径的全国AI原生作品数：与全部作品同一口径系数。

    Why: The ratio of all titles: nobody has published one for AI alone.

    为何：与全部作品同一系数：没有单独公布AI的。
    """
    return national_ai_titles * national_count_ratio


@auxiliary("title/month", "全国计数实拍作品", "National live-action titles as counted")
def national_counted_live_titles(national_live_titles: Term, national_count_ratio: Term) -> Term:
    """Live-action titles as reports count them, by the coverage ratio of all titles.

    The counts of 2023 to 2025 hold no animated dramas: one platform alone had more of these than the count had titles.

    中文：报道口径的全国实拍作品数：与全部作品同一口径系数。2023—2025年的全国计数不含漫剧：仅一家平台的漫剧就多于当年的总数。

    Why: The same ratio on live titles, which is what counts of 2023 to 2025 held; reading them with AI titles was a
    miss of the first register.

    为何：同一系数乘实拍，2023—2025年的计数只含实拍；当作含AI来读，是第一份登记表没说中的原因之一。

    Evidence: NAT-135, NAT-136, NAT-063
    """
    return national_live_titles * national_count_ratio


@auxiliary("person", "全国直接就业", "National direct jobs")
def national_head_count(
    title_completions: Term,
    rival_titles: Term,
    person_days_per_title: Term,
    national_ai_titles: Term,
    ai_person_days_per_title: Term,
    working_days_per_month: Term,
    heads_per_fte: Term,
) -> Term:
    """Heads in the country, if other cities take as many person-days and heads for a title as this one.

    中文：全国从业人数（按人头），假定其他城市每部作品的用工量与人头系数同本市。

    Why: The city's person-days and heads for the country: no other ratio is known, and definitions differ by a factor
    of three.

    为何：全国沿用本市的人日与人头系数：没有别的可用，而各口径相差三倍。

    Evidence: NAT-077
    """
    live = (title_completions + rival_titles) * person_days_per_title
    ai_native = national_ai_titles * ai_person_days_per_title
    return (live + ai_native) / working_days_per_month * heads_per_fte


@auxiliary("person", "全国间接就业", "National indirect jobs")
def national_indirect_jobs(national_head_count: Term, indirect_jobs_ratio: Term) -> Term:
    """Jobs elsewhere that hang on the trade in the country, by one study's multiplier.

    中文：全国带动的间接就业；系数出自单一研究。

    Why: The same multiplier of one study.

    为何：同一研究的乘数。

    Evidence: NAT-078
    """
    return national_head_count * indirect_jobs_ratio


@auxiliary("person", "全国带动就业", "National jobs in all")
def national_total_jobs(national_head_count: Term, national_indirect_jobs: Term) -> Term:
    """Direct and indirect jobs in the country.

    中文：全国直接与间接就业合计。

    Evidence: ZN02
    """
    return national_head_count + national_indirect_jobs
