"""Live action: the money for it, its price and its cost, and how many titles that makes."""

from shudian.equations.language import Term, auxiliary, exp, flow, log, maximum, stock


@auxiliary("wanyuan/month", "实拍制作预算", "Budget for live action")
def live_budget(
    live_market: Term,
    national_gross_market: Term,
    ai_audience_overlap: Term,
    ai_plays_share: Term,
    commissions_follow_plays: Term,
    production_share: Term,
) -> Term:
    """What platforms and investors would spend on live-action titles: it follows what these earn, or what is watched.

    Plays move to AI titles before money does, so that who buys by plays turns from live action the sooner.

    中文：平台与投资方愿意投入实拍制作的钱：随实拍的流水，或随实拍的播放量而变。播放量先于流水转向AI作品，
    按播放量下单的委托方会更早减少实拍。

    Why: Buyers may follow money or plays, and the two part once AI takes plays first; a parameter weighs them, because
    no report says which rule platforms use.

    为何：下单可以看流水，也可以看播放量，AI先分走播放量时两者便分开；用参数加权，因为没有报道说平台按哪一种。
    """
    watched = national_gross_market * (1 - ai_audience_overlap * ai_plays_share)
    followed = commissions_follow_plays * watched + (1 - commissions_follow_plays) * live_market
    return followed * production_share


@auxiliary("wanyuan/month", "全国制作支出", "National production spending")
def production_spending(national_live_commissions: Term, live_price: Term, ai_spending: Term) -> Term:
    """What is spent in China on making micro-drama, live action at its price and AI titles at theirs.

    中文：全国每月用于微短剧制作的支出：实拍作品与AI作品各按其价格计。
    """
    return national_live_commissions * live_price + ai_spending


@auxiliary("1", "实拍的精品化", "Live action's answer in quality")
def quality_answer(
    ai_plays_share: Term,
    initial_ai_plays_share: Term,
    quality_answer_strength: Term,
    live_market: Term,
    national_market_initial: Term,
    quality_race: Term,
    effect_floor: Term,
) -> Term:
    """Log of the money in one live-action title against the start of 2023: fewer, dearer and better titles.

    Where more is to be earned commissioners outbid each other in quality and not in number only; and as AI titles
    draw the audience, live action does what AI cannot.

    中文：单部实拍作品投入（对数，2023年初为 0），即少而精的程度：可赚的钱多了，各家不只拼数量，也比拼品质；
    AI作品分走观众，实拍便做AI做不到的。

    Why: Reports show fewer, dearer titles as AI grew: a logarithmic answer to AI's share and to the money to be
    earned. A constant price for a title would have put all money into numbers.

    为何：AI增长时，报道说实拍少而精：对AI份额与可赚的钱作对数反应。若单价不变，钱便全部变成数量。

    Evidence: ZP07, NAT-159
    """
    growth = log(maximum(live_market / national_market_initial, effect_floor))
    return quality_answer_strength * (ai_plays_share - initial_ai_plays_share) + quality_race * growth


@auxiliary("wanyuan/title", "目标承制价", "Indicated price per title")
def indicated_live_price(
    live_price_initial: Term,
    price_free_effect: Term,
    free_share: Term,
    free_share_initial: Term,
    guarantee_price_effect: Term,
    platform_guarantee_level: Term,
    platform_guarantee_initial: Term,
    quality_answer: Term,
) -> Term:
    """The price that contracts for live action tend to before AI presses on it.

    The free market's demand for quality and the answer in quality lift it, and an end of guarantees lowers it.

    中文：不计AI压价时，实拍作品承制价趋向的水平：免费市场对品质的要求与精品化抬价，保底取消则压价。

    Why: Multiplicative, because contracts are bargained in per cent and a price cannot fall below nothing; sums of
    yuan could.

    为何：用乘法，因为合同按百分比还价，而且价格不会低于零；按金额加减则可能。

    Evidence: ZP05, ZP20
    """
    free = price_free_effect * (free_share - free_share_initial)
    guarantee = guarantee_price_effect * (platform_guarantee_level - platform_guarantee_initial)
    return live_price_initial * exp(free + guarantee + quality_answer)


@flow("wanyuan/title/month", "承制价变动", "Change of the price per title")
def live_price_change(indicated_live_price: Term, unpressed_live_price: Term, price_adjustment_time: Term) -> Term:
    """Prices follow with the delay of contracts.

    中文：承制价随合同更新逐步调整。

    Why: Contracts are renewed bit by bit, so prices move by a share of the gap each month; prices that jump would
    follow every shock.

    为何：合同逐步更新，价格每月走完差距的一部分；若立即调整，便会随每次冲击跳动。
    """
    return (indicated_live_price - unpressed_live_price) / price_adjustment_time


@stock("wanyuan/title", "未受AI压价的承制价", "Price before AI's pressure", initial="live_price_initial")
def unpressed_live_price(live_price_change: Term) -> Term:
    """What a live-action title is planned to cost, before AI titles press the price: it says how many are ordered.

    中文：不计AI压价时一部实拍作品的计划价格；同样的钱能下多少单由它决定。
    """
    return live_price_change


@auxiliary("wanyuan/title", "实拍成本", "Cost of a live-action title")
def live_cost(
    unpressed_live_price: Term,
    production_margin: Term,
    labour_cost_share: Term,
    initial_city_share: Term,
    wage_index: Term,
    ai_labour_saving: Term,
    rival_ai_capability: Term,
    ai_capability_initial: Term,
    loop_b9_substitution: Term,
) -> Term:
    """What makers in the country must spend on the live-action title that was planned: hands, and everything else.

    AI tools save hands. The city's wages count with its initial share; wages elsewhere stay as they were at the start
    of 2023, because the model has no other city's labour market.

    中文：全国制作方完成一部计划中的实拍作品的成本：人工（AI工具会节省一部分）与其他支出。本市工资按期初份额计入；
    模型不含其他城市的劳动力市场，其工资视为2023年初水平。

    Why: Labour and everything else are apart, so that wages and AI act on the part that they touch; wages elsewhere
    stand still because there is no labour market of other cities.

    为何：人工与其他分开，使工资和AI只作用于各自那一部分；别处工资不变，因为模型没有其他城市的劳动力市场。

    Evidence: ZP07, PRI-004
    """
    wages = 1 + initial_city_share * (wage_index - 1)
    days = exp(-ai_labour_saving * loop_b9_substitution * (rival_ai_capability - ai_capability_initial))
    parts = labour_cost_share * wages * days + (1 - labour_cost_share)
    return unpressed_live_price * (1 - production_margin) * parts


@auxiliary("wanyuan/title", "实拍承制价", "Price of a live-action title")
def live_price(
    unpressed_live_price: Term,
    ai_price_pressure: Term,
    ai_price_multiplier: Term,
    ai_native_share: Term,
    initial_ai_revenue_share: Term,
    cost_floor_share: Term,
    live_cost: Term,
    loop_b9_substitution: Term,
) -> Term:
    """What a commissioner pays for one live-action title: AI presses it down, but not below what makers must cover.

    中文：一部实拍作品的承制价格：AI会压价，但压不到制作方必须收回的成本以下。

    Why: AI may press the price, but nobody works below what must be covered; without this floor AI pressure ordered
    more live titles and made more jobs, which was the wrong sign.

    为何：AI可以压价，但压不到必须收回的成本以下；没有这条下限，AI压价反而带来更多实拍和就业，方向就错了。

    Evidence: ZP05, ZP04, ZP20
    """
    pressure = ai_price_pressure * ai_price_multiplier * loop_b9_substitution
    pressed = unpressed_live_price * exp(-pressure * (ai_native_share - initial_ai_revenue_share))
    return maximum(pressed, cost_floor_share * live_cost)


@auxiliary("title/month", "全国实拍委托", "National live-action commissions")
def national_live_commissions(live_budget: Term, unpressed_live_price: Term, live_price: Term) -> Term:
    """Live-action titles that the country's budget for live action pays for.

    A price that AI presses down saves the commissioner money and orders no more titles.

    中文：全国实拍制作预算每月能委托的作品数；AI压低的价格只替委托方省钱，不会多出订单。

    Why: Orders are the budget over the planned price: what AI presses off is saved by the buyer. Dividing by the
    pressed price made pressure create orders.

    为何：订单等于预算除以计划价：被AI压掉的由委托方省下。若除以压低后的价格，压价便会凭空生出订单。
    """
    return live_budget / maximum(unpressed_live_price, live_price)
