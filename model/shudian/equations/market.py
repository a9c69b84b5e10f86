"""The national market: what viewers and advertisers pay, how much of it is spent on production, and at what price."""

from shudian.equations.language import (
    TINY,
    Term,
    auxiliary,
    by_year,
    exp,
    flow,
    log,
    maximum,
    minimum,
    ratio,
    stock,
    where,
)


@auxiliary("1/month", "全国市场增长率", "National market growth rate")
def national_growth_rate(
    national_growth_2023: Term,
    national_growth_2024: Term,
    national_growth_2025: Term,
    national_growth_2026: Term,
    national_growth_2027: Term,
    national_growth_2028: Term,
    national_growth_2029: Term,
    national_growth_2030: Term,
    national_growth_shift: Term,
    regulation_tightness: Term,
    regulation_growth_drag: Term,
) -> Term:
    """Logarithmic growth of the national market in the calendar year, with the shocks that act on it.

    中文：当年全国市场的对数增长率，含外部冲击。

    Why: One rate for each calendar year, because growth is reported by years and came in leaps; a smooth curve to a
    ceiling would claim to know where the market ends.

    为何：每个日历年一个增长率，因为增速按年公布，而且忽高忽低；用趋向上限的平滑曲线，等于自称知道市场的终点。
    """
    growth = by_year(
        national_growth_2023,
        national_growth_2024,
        national_growth_2025,
        national_growth_2026,
        national_growth_2027,
        national_growth_2028,
        national_growth_2029,
        national_growth_2030,
    )
    return growth + national_growth_shift - regulation_tightness * regulation_growth_drag


@flow("wanyuan/month**2", "全国市场增量", "National market growth")
def national_market_growth(national_gross_market: Term, national_growth_rate: Term) -> Term:
    """What the national market gains each month.

    中文：全国市场月流水每月的增加额。
    """
    return national_gross_market * national_growth_rate


@stock("wanyuan/month", "全国总流水", "National gross market", initial="national_market_initial")
def national_gross_market(national_market_growth: Term) -> Term:
    """What viewers and advertisers in China pay for micro-drama in a month, most of it spent on traffic.

    What AI titles earn with an audience of their own comes on top (`national_market_with_ai`).

    中文：全国用户与广告主每月为微短剧支付的总额（总流水），其中大部分是投流费用；AI作品自有观众带来的流水另计。

    Evidence: NAT-001, ZN01, NAT-110
    """
    return national_market_growth


@flow("1/month", "转向免费", "Shift to free viewing")
def free_shift(free_share: Term, free_share_ceiling: Term, free_shift_rate: Term) -> Term:
    """Viewers move from paid to free, advertising-financed titles.

    中文：观众由付费转向免费（广告变现）的速度。

    Why: A constant pull to a ceiling fits three printed shares; contagion (logistic) would need its beginning, which
    lies before the data.

    为何：以固定速度趋向上限，三个公布的份额已能拟合；传播式（logistic）曲线需要知道起点，而起点早于数据。
    """
    return free_shift_rate * (free_share_ceiling - free_share)


@stock("1", "免费模式占比", "Free-to-view share", initial="free_share_initial")
def free_share(free_shift: Term) -> Term:
    """Share of the national gross market that is financed by advertising.

    中文：全国总流水中由广告变现的份额。

    Evidence: NAT-120, NAT-121, NAT-123
    """
    return free_shift


@auxiliary("wanyuan/month", "付费市场", "Paid market")
def paid_market(national_gross_market: Term, free_share: Term) -> Term:
    """Part of the national gross market that viewers pay for.

    中文：全国总流水中由用户付费的部分。

    Evidence: NAT-120, NAT-024, NAT-025
    """
    return national_gross_market * (1 - free_share)


@auxiliary("wanyuan/month", "广告市场", "Advertising market")
def ad_market(national_gross_market: Term, free_share: Term) -> Term:
    """Part of the national gross market that advertising pays for.

    中文：全国总流水中由广告变现的部分。

    Evidence: NAT-121, NAT-123
    """
    return national_gross_market * free_share


@flow("1/month", "平台保底调整", "Change of the platform guarantee")
def guarantee_change(
    platform_guarantee: Term,
    platform_guarantee_level: Term,
    national_sameness: Term,
    guarantee_supply_sensitivity: Term,
    guarantee_adjustment_time: Term,
    loop_b8_guarantee: Term,
) -> Term:
    """Platforms move their guarantees to what they are willing to give, less the more titles they are offered.

    中文：平台把保底调整到愿意承担的程度；供给越多，愿意给的保底越低。

    Why: Platforms guarantee less the more is on offer, smoothly and with delay; a fixed guarantee left no loop from
    supply back to spending. Scarcity does not raise it above what is promised.

    为何：供给越多，平台愿意的保底平滑、滞后地减少；保底若固定不变，供给就不会反过来影响支出。供给少时也不会高于所承诺
    的保底。

    Evidence: ZG23
    """
    plenty = maximum(0, national_sameness)
    willing = platform_guarantee * exp(-guarantee_supply_sensitivity * loop_b8_guarantee * plenty)
    return (willing - platform_guarantee_level) / guarantee_adjustment_time


@stock("1", "平台保底水平", "Level of the platform guarantee", initial="platform_guarantee_initial")
def platform_guarantee_level(guarantee_change: Term) -> Term:
    """How far platforms guarantee producers a minimum payment (1 fully, 0 not at all).

    中文：平台对制作方的保底程度（1 为全部保底，0 为没有）。
    """
    return guarantee_change


@auxiliary("1", "平台规则突变", "Break in platform rules")
def platform_break(time: Term, platform_break_month: Term, platform_break_size: Term) -> Term:
    """A structural break that nobody has announced: from some month on platforms spend more, or less, on production.

    中文：事先无人宣布的结构性突变：自某月起平台用于制作的支出增加或减少。

    Why: A step at an unknown date, because platforms change rules overnight; without it the intervals would rest on
    trends alone. A ramp would be foreseen.

    为何：在未知日期发生的跳变，因为平台一夜之间就改规则；没有它，区间便只剩趋势的不确定性。渐变则等于能预见。
    """
    return where(time < platform_break_month, 0, platform_break_size)


@auxiliary("1", "制作支出占比（不含保底）", "Production share without guarantees")
def open_production_share(
    production_share_paid: Term,
    production_share_free: Term,
    free_share: Term,
    platform_break: Term,
    production_share_trend: Term,
    production_share_trend_time: Term,
    time: Term,
) -> Term:
    """Share of what a title earns that reaches its makers without a guarantee; free viewing buys less traffic.

    A trend that nobody has measured stands for everything else that moves it, so that what the city makes does not
    tell more of the national market than it can; it fades, because no share grows for ever.

    中文：没有保底时，作品流水中真正用于制作的份额；免费模式投流较少；其余变化用一个未经测量、逐渐减弱的趋势表示。

    Why: The mix of paid and free sets the level; a fading trend takes what nobody has measured, so that local figures
    do not pass for news of the nation. A trend without end was rejected: a share cannot grow for ever.

    为何：付费与免费的构成决定水平，没人量过的变化由逐渐减弱的趋势承担，免得把本市的数字当成全国的信息。不设无止境的趋
    势，因为份额不可能一直增长。

    Evidence: NAT-125, NAT-126, PRI-004
    """
    mix = production_share_paid * (1 - free_share) + production_share_free * free_share
    drift = production_share_trend * production_share_trend_time * (1 - exp(-time / production_share_trend_time))
    return minimum(1, mix * exp(platform_break + drift))


@auxiliary("1", "制作支出占比", "Production share of the gross market")
def production_share(
    open_production_share: Term, guarantee_spending_premium: Term, platform_guarantee_level: Term
) -> Term:
    """Share of what live action earns that is spent on making it: a guarantee adds to what makers would get anyway.

    中文：实拍流水中用于制作的份额：在不含保底的份额之上，保底会增加制作支出。

    Why: A guarantee is a premium on what makers get anyway; as a sum of its own it would not follow the market.

    为何：保底是在本来所得之上的加成；若作为一笔独立的钱，便不会随市场涨落。

    Evidence: NAT-125, NAT-126, PRI-004
    """
    return minimum(1, open_production_share * (1 + guarantee_spending_premium * platform_guarantee_level))


@auxiliary("title/month", "全国供给", "National supply of titles")
def national_supply(title_completions: Term, rival_titles: Term, national_ai_titles: Term) -> Term:
    """Titles that reach the platforms: this city's, the rivals' and AI-native ones.

    中文：每月到达平台的作品：本市实拍、其他城市实拍与AI原生作品。

    Why: All kinds add up as titles; attention is told apart in `attended_supply`.

    为何：各类按部数相加；注意力另见“受关注的供给”。

    Evidence: NAT-135, NAT-136
    """
    return title_completions + rival_titles + national_ai_titles


@auxiliary("title/month", "受关注的供给", "Supply by attention")
def attended_supply(title_completions: Term, rival_titles: Term, ai_plays_share: Term) -> Term:
    """Titles on offer by the attention they get, counted in live-action titles: an AI title that few see tires few.

    中文：按观众注意力折算成实拍作品数的供给：少有人看的AI作品不会让多少人疲劳。

    Why: Sameness is felt by who watches: AI titles that nobody sees must not tire anybody. Counting titles would let
    100,000 unseen AI titles ruin live action.

    为何：同质化是观众感到的：没人看的AI作品不该使人疲劳。若按部数计，十万部没人看的AI作品就会毁掉实拍。
    """
    return (title_completions + rival_titles) / maximum(1 - ai_plays_share, TINY)


@auxiliary("1", "全国同质化", "National sameness")
def national_sameness(attended_supply: Term, initial_attended_supply: Term, effect_floor: Term) -> Term:
    """Log of the titles that the audience meets against the start of 2023.

    中文：观众所见供给相对2023年初的对数。

    Why: A logarithm, so that each doubling tires alike; in proportion, growth of a hundredfold would have no bearable
    effect.

    为何：取对数，使每翻一番的疲劳相同；若按比例，增长百倍时的影响会大到荒谬。
    """
    return log(maximum(attended_supply / initial_attended_supply, effect_floor))


@flow("1/month", "同质化变动", "Change of sameness")
def sameness_change(national_sameness: Term, sameness: Term, sameness_time: Term) -> Term:
    """Audiences tire, and recover, with a delay.

    中文：观众的疲劳与恢复都需要时间。

    Why: First-order memory is the simplest that lets audiences tire and recover; a fixed delay would make waves that
    no figure shows.

    为何：一阶记忆是既能疲劳又能恢复的最简形式；固定时滞会造出数据里没有的波动。
    """
    return (national_sameness - sameness) / sameness_time


@stock("1", "同质化程度", "Sameness", initial="sameness_initial")
def sameness(sameness_change: Term) -> Term:
    """How much alike titles feel to the audience, wherever they are made; 0 is the start of 2023.

    中文：观众感到的同质化程度（不分产地），以2023年初为 0。
    """
    return sameness_change


@flow("1/month", "本市同质化变动", "Change of own sameness")
def own_sameness_change(
    title_completions: Term,
    rival_titles: Term,
    initial_city_share: Term,
    city_supply_weight: Term,
    own_sameness: Term,
    sameness_time: Term,
    effect_floor: Term,
) -> Term:
    """The city's own genres tire the audience when its titles grow faster than its rivals'.

    中文：本市作品增长快于对手时，自身题材更易使观众疲劳。

    Why: Only growth faster than the rivals' counts, because what all do is in national sameness already; bounded in
    logarithms, so that a city at nothing stays computable.

    为何：只计比对手更快的增长，因为共同的部分已在全国同质化里；取对数并设界，使产量近零时也能计算。
    """
    weight = ratio(title_completions, rival_titles, 1) * (1 - initial_city_share) / initial_city_share
    ahead = log(minimum(maximum(weight, effect_floor), 1 / effect_floor))
    return (city_supply_weight * ahead - own_sameness) / sameness_time


@stock("1", "本市同质化", "Own sameness", initial="sameness_initial")
def own_sameness(own_sameness_change: Term) -> Term:
    """How much more alike the city's titles feel than others'.

    中文：本市作品比其他城市更同质的程度。
    """
    return own_sameness_change


@auxiliary("wanyuan/month", "期初制作支出", "Initial production spending")
def initial_open_spending(
    national_market_initial: Term, production_share_paid: Term, production_share_free: Term, free_share_initial: Term
) -> Term:
    """What would reach all makers at the start of 2023 without guarantees.

    中文：2023年初若无保底，全部制作方所得。
    """
    return national_market_initial * (
        production_share_paid * (1 - free_share_initial) + production_share_free * free_share_initial
    )


@auxiliary("title/month", "期初全国委托", "Initial national commissions")
def initial_national_commissions(
    initial_open_spending: Term,
    guarantee_spending_premium: Term,
    platform_guarantee_initial: Term,
    ai_audience_overlap: Term,
    initial_ai_revenue_odds: Term,
    initial_ai_plays_share: Term,
    commissions_follow_plays: Term,
    live_price_initial: Term,
) -> Term:
    """National live-action commissions at the start of 2023.

    中文：2023年初全国每月实拍委托数。
    """
    spending = initial_open_spending * (1 + guarantee_spending_premium * platform_guarantee_initial)
    earned = initial_ai_revenue_odds / (1 + initial_ai_revenue_odds)
    followed = commissions_follow_plays * initial_ai_plays_share + (1 - commissions_follow_plays) * earned
    return spending * (1 - ai_audience_overlap * followed) / live_price_initial
