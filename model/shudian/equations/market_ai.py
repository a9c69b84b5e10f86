"""AI as supply: what an AI title costs, who makes it, who watches it, and what it leaves for live action.

The shares of AI in titles, in plays and in revenue are three different things.
"""

from shudian.equations.language import TINY, Term, auxiliary, flow, maximum, ratio, stock, where


@flow("wanyuan/title/month", "AI成本下降", "Fall of the cost of AI titles")
def ai_cost_fall(
    ai_cost: Term,
    ai_cost_floor: Term,
    ai_cost_decline: Term,
    ai_diffusion_multiplier: Term,
    ai_onset_month: Term,
    time: Term,
) -> Term:
    """Once models can make a title at all, they get cheaper until what people must still do is left.

    中文：模型能够制作整部作品之后越来越便宜，直到只剩必须由人完成的部分。

    Why: Cost falls to a floor, the work that people must still do, by a fixed share a month; a learning curve on
    cumulative titles would need counts that nobody has, and a fall to nothing contradicts what makers say.

    为何：成本按固定比例逐月下降到必须由人完成的下限；按累计产量的学习曲线需要没人有的计数，降到零则与从业者所说不符。
    """
    speed = where(time < ai_onset_month, 0, ai_cost_decline * ai_diffusion_multiplier)
    return speed * maximum(0, ai_cost - ai_cost_floor)


@stock("wanyuan/title", "AI作品成本", "Cost of an AI title", initial="ai_cost_initial")
def ai_cost(ai_cost_fall: Term) -> Term:
    """What it costs to make one AI-native title, the same for makers everywhere.

    中文：制作一部AI原生作品的成本，各地相同。

    Evidence: PRI-008
    """
    return -ai_cost_fall


@auxiliary("1", "AI技术前沿", "Frontier of AI")
def ai_frontier(ai_cost: Term, ai_cost_initial: Term, ai_capability_initial: Term) -> Term:
    """How far AI production has come in the country: 0 without any use, 1 when an AI title costs nothing.

    中文：全国AI制作走到了哪一步：0 为尚无用处，1 为制作一部AI作品不花钱。

    Why: The frontier is read off the cost, so that one driver moves both; a second diffusion curve would be free to
    contradict it.

    为何：前沿由成本推出，使两者出自同一驱动；另设一条扩散曲线，便可能与成本矛盾。
    """
    return 1 - (1 - ai_capability_initial) * ai_cost / ai_cost_initial


@auxiliary("title/month", "投拍实拍作品", "Live-action titles placed")
def live_titles_placed(open_commissions: Term, placement_time: Term) -> Term:
    """Live-action titles that go into production in the country each month.

    中文：全国每月投入制作的实拍作品。

    Why: A constant time to find a maker; matching that slows with tightness is in the city's own waiting time instead.

    为何：寻找承制方的时间取常数；紧张时变慢的部分已在本市等待时间里。
    """
    return open_commissions / placement_time


@auxiliary("1", "AI播放与实拍之比", "AI plays over live-action plays")
def ai_plays_odds(
    national_ai_titles: Term,
    live_titles_placed: Term,
    ai_relative_plays: Term,
    ai_crowding_ratio: Term,
    ai_variety_exponent: Term,
) -> Term:
    """Plays of AI titles over plays of live action.

    While there are few, each AI title draws `ai_relative_plays` times what a live-action title draws; when they are
    many they draw on each other's audience, and plays grow with their number to the power `ai_variety_exponent`.

    中文：AI作品与实拍作品的播放量之比。数量少时，每部AI作品的播放量为实拍的若干倍；数量多时互相分流，
    总播放量只按数量的幂次增长。

    Why: In proportion while titles are few, a power below one when they are many and share viewers. Strict proportion
    gave AI nearly all plays, a logistic share needed an end that nobody knows.

    为何：数量少时成比例，多了互相分流，只按小于一的幂次增长。严格成比例会使AI占去几乎全部播放，logistic份额则要先知道
    终点。
    """
    titles = national_ai_titles / maximum(live_titles_placed, TINY)
    return ai_relative_plays * titles * (1 + titles / ai_crowding_ratio) ** (ai_variety_exponent - 1)


@auxiliary("1", "AI播放占比", "AI share of plays")
def ai_plays_share(ai_plays_odds: Term) -> Term:
    """Share of all plays that AI titles draw.

    中文：全部播放量中AI作品的份额。
    """
    return ai_plays_odds / (1 + ai_plays_odds)


@auxiliary("wanyuan/month", "AI作品流水", "Market of AI titles")
def ai_market(national_gross_market: Term, ai_plays_odds: Term, ai_revenue_per_play: Term) -> Term:
    """What viewers and advertisers pay for AI titles; a play of theirs earns more or less than one of live action.

    中文：用户与广告主为AI作品支付的总额；AI作品每次播放的收入与实拍不同。

    Why: Odds keep the share below one however many titles there are; revenue for a play is a number of its own, since
    AI plays earn less by all reports.

    为何：用几率使份额无论多少作品都小于一；单次播放收入另设一个数，因为各方都说AI的播放更不值钱。
    """
    revenue = ai_revenue_per_play * ai_plays_odds
    return national_gross_market * revenue / (1 + revenue)


@auxiliary("wanyuan/month", "实拍作品流水", "Market of live action")
def live_market(national_gross_market: Term, ai_market: Term, ai_audience_overlap: Term) -> Term:
    """What viewers and advertisers pay for live-action titles: what AI titles take from them is gone.

    With `ai_audience_overlap` nil, AI titles find an audience of their own and take nothing.

    中文：用户与广告主为实拍作品支付的总额：扣除被AI作品分走的部分；重叠为零时，AI作品自有观众，不分走实拍的流水。

    Why: One parameter nests both structures: nil, AI has viewers of its own; one, it takes all from live action. Which
    holds decides more than any policy, so neither is assumed.

    为何：一个参数套住两种结构：为零，AI自有观众；为一，全部来自实拍。哪一种成立比任何政策都要紧，所以哪一种也不预设。
    """
    return national_gross_market - ai_audience_overlap * ai_market


@auxiliary("wanyuan/month", "全国总流水（含AI）", "National market with AI titles")
def national_market_with_ai(live_market: Term, ai_market: Term) -> Term:
    """What viewers and advertisers pay for live-action and AI titles together.

    中文：用户与广告主为实拍与AI作品支付的总额。
    """
    return live_market + ai_market


@auxiliary("1", "AI流水占比", "AI share of revenue")
def ai_native_share(ai_market: Term, national_market_with_ai: Term) -> Term:
    """Share of what viewers and advertisers pay that goes to AI-native titles.

    中文：用户与广告主支付的总额中AI原生作品的份额。
    """
    return ratio(ai_market, national_market_with_ai, 0)


@auxiliary("wanyuan/month", "AI制作支出", "Spending on AI titles")
def ai_spending(
    ai_market: Term, national_gross_market: Term, ai_trial_share: Term, open_production_share: Term
) -> Term:
    """What reaches the makers of AI titles: their share of what these earn, and what is spent on trials come what may.

    No platform guarantees AI titles, so makers live on the share without guarantees.

    中文：AI制作方所得：其作品流水中的制作份额，加上无论盈亏都会投入的试验。平台不为AI作品保底。

    Why: Makers live on their share without guarantees and on trials that investors pay come what may; without trials
    nothing could begin from nothing.

    为何：制作方靠没有保底的份额和投资方无论盈亏都出的试验费维持；没有试验费，从零便无从开始。
    """
    return (ai_market + ai_trial_share * national_gross_market) * open_production_share


@flow("title/month**2", "AI制作方进退", "Entry and exit of AI makers")
def ai_entry(national_ai_titles: Term, ai_spending: Term, ai_cost: Term, ai_entry_rate: Term) -> Term:
    """Makers come while a title earns more than it costs and go while it earns less, at a bounded pace.

    中文：一部作品的所得高于成本时制作方进入，低于成本时退出，快慢有限。

    Why: AI titles are a supply: makers enter while a title pays. The first model gave AI a share of spending and
    missed the 128,000 titles of early 2026 by far. The pace is bounded, since no trade multiplies at once.

    为何：AI是供给：只要有赚头就有人做。最初的模型让AI分走支出的一份，与2026年初的12.8万部相差甚远。进退速度有界，因为
    哪一行也不会瞬间翻倍。
    """
    costs = national_ai_titles * ai_cost
    return ai_entry_rate * national_ai_titles * (ai_spending - costs) / maximum(ai_spending + costs, TINY)


@stock("title/month", "全国AI作品", "National AI-native titles", initial="initial_ai_titles")
def national_ai_titles(ai_entry: Term) -> Term:
    """AI-native titles that makers in the country bring out in a month.

    中文：全国制作方每月推出的AI原生作品。

    Evidence: PRI-008
    """
    return ai_entry


@auxiliary("wanyuan/title", "AI作品单价", "Price of an AI-native title")
def ai_price(ai_spending: Term, national_ai_titles: Term) -> Term:
    """What its maker gets for an AI-native title, on average; free entry draws it to the cost.

    中文：一部AI原生作品平均给制作方带来的收入；自由进入使它趋近成本。
    """
    return ratio(ai_spending, national_ai_titles, 0)


@auxiliary("1", "AI部数占比", "AI share of titles")
def ai_title_share(national_ai_titles: Term, national_supply: Term) -> Term:
    """Share of AI-native titles in all titles that reach the platforms.

    中文：到达平台的全部作品中AI原生作品的份额（按部数）。
    """
    return ratio(national_ai_titles, national_supply, 0)


@auxiliary("1", "实拍部数占比", "Live action's share of titles")
def live_title_share(ai_title_share: Term) -> Term:
    """Share of live-action titles in all titles that reach the platforms.

    中文：到达平台的全部作品中实拍作品的份额（按部数）。
    """
    return 1 - ai_title_share


@auxiliary("1", "期初AI与实拍部数之比", "Initial AI titles over live action")
def initial_ai_title_ratio(ai_trial_share: Term, live_price_initial: Term, ai_cost_initial: Term) -> Term:
    """AI-native titles for a live-action one at the start of 2023: what the money for trials paid for.

    中文：2023年初AI作品与实拍作品的部数之比：试验投入能做出的作品。
    """
    return ai_trial_share * live_price_initial / ai_cost_initial


@auxiliary("1", "期初AI播放与实拍之比", "Initial AI plays over live-action plays")
def initial_ai_plays_odds(
    initial_ai_title_ratio: Term, ai_relative_plays: Term, ai_crowding_ratio: Term, ai_variety_exponent: Term
) -> Term:
    """Plays of AI titles over plays of live action at the start of 2023.

    中文：2023年初AI作品与实拍作品的播放量之比。
    """
    crowding = (1 + initial_ai_title_ratio / ai_crowding_ratio) ** (ai_variety_exponent - 1)
    return ai_relative_plays * initial_ai_title_ratio * crowding


@auxiliary("1", "期初AI播放占比", "Initial AI share of plays")
def initial_ai_plays_share(initial_ai_plays_odds: Term) -> Term:
    """AI share of plays at the start of 2023.

    中文：2023年初AI作品占播放量的份额。
    """
    return initial_ai_plays_odds / (1 + initial_ai_plays_odds)


@auxiliary("1", "期初AI流水与实拍之比", "Initial AI revenue over live action")
def initial_ai_revenue_odds(initial_ai_plays_odds: Term, ai_revenue_per_play: Term) -> Term:
    """What AI titles earned for a yuan of live action at the start of 2023, if both shared one audience.

    中文：2023年初若共享同一批观众，AI作品与实拍作品的流水之比。
    """
    return initial_ai_plays_odds * ai_revenue_per_play


@auxiliary("1", "期初AI流水占比", "Initial AI share of revenue")
def initial_ai_revenue_share(initial_ai_revenue_odds: Term, ai_audience_overlap: Term) -> Term:
    """AI share of revenue at the start of 2023.

    中文：2023年初AI作品占总流水的份额。
    """
    taken = initial_ai_revenue_odds / (1 + initial_ai_revenue_odds)
    return taken / (1 + (1 - ai_audience_overlap) * taken)


@auxiliary("title/month", "期初AI作品", "Initial AI-native titles")
def initial_ai_titles(initial_ai_title_ratio: Term, initial_national_commissions: Term) -> Term:
    """AI-native titles of a month at the start of 2023.

    中文：2023年初每月的AI原生作品。
    """
    return initial_ai_title_ratio * initial_national_commissions


@auxiliary("wanyuan/month", "期初AI制作支出", "Initial spending on AI titles")
def initial_ai_spending(initial_open_spending: Term, initial_ai_revenue_odds: Term, ai_trial_share: Term) -> Term:
    """What reached the makers of AI titles at the start of 2023.

    中文：2023年初AI制作方所得。
    """
    return initial_open_spending * (initial_ai_revenue_odds / (1 + initial_ai_revenue_odds) + ai_trial_share)


@auxiliary("title/month", "期初受关注的供给", "Initial supply by attention")
def initial_attended_supply(initial_national_commissions: Term, initial_ai_plays_odds: Term) -> Term:
    """Titles of the start of 2023 in the attention that they got, counted in live-action titles.

    中文：2023年初按观众注意力折算成实拍作品数的供给。
    """
    return initial_national_commissions * (1 + initial_ai_plays_odds)
