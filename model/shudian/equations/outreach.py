"""Beyond the platforms: titles sold abroad, and micro-drama with tourism, commerce and culture."""

from shudian.equations.language import Term, auxiliary, flow, log, maximum, minimum, ratio, stock


@flow("wanyuan/month**2", "海外市场增量", "Growth of the overseas market")
def overseas_market_growth(overseas_market: Term, overseas_growth: Term, overseas_market_ceiling: Term) -> Term:
    """The market outside China grows towards what it may become.

    中文：海外市场逐步增长，趋近其潜在规模。

    Why: Logistic to an uncertain ceiling: growth of a hundred per cent cannot last to 2030, and nobody knows where it
    ends.

    为何：logistic，上限不确定：翻倍的增长不可能持续到2030年，而终点没人知道。

    Evidence: OVS-008, OVS-014
    """
    return overseas_market * overseas_growth * (1 - overseas_market / overseas_market_ceiling)


@stock("wanyuan/month", "海外市场", "Overseas market", initial="overseas_market_initial")
def overseas_market(overseas_market_growth: Term) -> Term:
    """What viewers outside China pay for micro-drama in a month.

    中文：海外用户每月为短剧支付的总额。

    Evidence: OVS-008, OVS-015
    """
    return overseas_market_growth


@auxiliary("1", "目标出海能力", "Indicated overseas channel")
def indicated_channel(
    overseas_channel_initial: Term,
    overseas_support_spending: Term,
    overseas_support_reference: Term,
    overseas_support_effect: Term,
    overseas_service_window: Term,
    support_effectiveness: Term,
    service_window_effect: Term,
) -> Term:
    """The export capability that support and the service window would bring about in the end.

    中文：扶持与服务窗口最终能形成的出海能力。

    Why: Money in logarithms and a service window add to what is there, between nothing and all; each may be nil.

    为何：资金取对数，服务窗口另加，限在零与一之间；每项都可能为零。
    """
    money = overseas_support_effect * log(1 + overseas_support_spending / overseas_support_reference)
    window = service_window_effect * overseas_service_window * support_effectiveness
    return minimum(1, maximum(0, overseas_channel_initial + money + window))


@flow("1/month", "出海能力变动", "Change of the overseas channel")
def overseas_channel_change(indicated_channel: Term, overseas_channel: Term, overseas_channel_time: Term) -> Term:
    """Translation, partners and trust take time to build.

    中文：译制、伙伴与信任需要时间建立。

    Why: Partners and trust are built over years: first-order.

    为何：伙伴与信任要多年建立：一阶时滞。
    """
    return (indicated_channel - overseas_channel) / overseas_channel_time


@stock("1", "出海能力", "Overseas channel", initial="overseas_channel_initial")
def overseas_channel(overseas_channel_change: Term) -> Term:
    """How much of its overseas potential the city can reach (0 to 1).

    中文：本市能实现的出海潜力（0—1）。
    """
    return overseas_channel_change


@auxiliary("1", "可出海作品", "Titles to export")
def exportable_titles(hits: Term, rival_hits: Term, initial_national_commissions: Term, base_hit_rate: Term) -> Term:
    """How far the country's hits fill what viewers abroad would watch: all of it while there are as many as at first.

    中文：全国爆款能在多大程度上满足海外需求：不少于2023年初即全部满足，没有作品则没有收入。

    Why: What sells abroad are hits, and with fewer hits than at first less is sold; the first model had income abroad
    without any title.

    为何：卖到海外的是爆款，少于期初则收入减少；最初的模型没有作品也有海外收入。
    """
    return minimum(1, (hits + rival_hits) / (initial_national_commissions * base_hit_rate))


@auxiliary("wanyuan/month", "出海收入", "Overseas income")
def overseas_income(
    overseas_market: Term,
    foreign_market_access: Term,
    overseas_city_potential: Term,
    overseas_channel: Term,
    hit_standing: Term,
    exportable_titles: Term,
) -> Term:
    """What the city's firms earn abroad, with its better titles: none without them.

    中文：本市企业的海外收入：靠本市的好作品，没有作品就没有收入。

    Why: A product: any of market, access, channel and standing at nil stops it; sums would earn abroad without titles.

    为何：取乘积：市场、准入、渠道、口碑缺一不可；若相加，没有作品也有收入。
    """
    potential = overseas_market * foreign_market_access * overseas_city_potential
    return potential * overseas_channel * hit_standing * exportable_titles


@flow("wanyuan/month**2", "联动投入变动", "Change of partners' spending")
def plus_private_change(
    plus_spending: Term, plus_leverage: Term, plus_private_spending: Term, plus_delay: Term
) -> Term:
    """Scenic areas, shops and brands follow public commissions with their own money, or do not.

    中文：景区、商圈、品牌跟随公共委托投入自有资金，也可能不跟。

    Why: Partners follow public money by a leverage that may be negative: they may also save what the city pays.

    为何：伙伴按杠杆率跟随公共资金，可能为负：城市出了钱，伙伴也可能少出。
    """
    return (plus_leverage * plus_spending - plus_private_spending) / plus_delay


@stock("wanyuan/month", "联动投入", "Partners' spending", initial="plus_private_initial")
def plus_private_spending(plus_private_change: Term) -> Term:
    """What partners in tourism, commerce and culture spend more, or less, of their own because of the programme.

    中文：文旅、商贸等伙伴因“微短剧+”而增加或减少的自有投入。
    """
    return plus_private_change


@auxiliary("wanyuan/month", "“微短剧+”新增投入", "Additional plus spending")
def plus_additional_spending(plus_spending: Term, plus_additional_share: Term, plus_private_spending: Term) -> Term:
    """Public and private tie-in money that would not have been spent in the trade anyway.

    中文：确属新增的“微短剧+”公私投入。

    Why: Only what is additional, never below nothing: displaced money cannot un-order titles.

    为何：只计新增，不低于零：被挤出的钱不会把已有订单变没。
    """
    return maximum(0, plus_spending * plus_additional_share + plus_private_spending)


@flow("title/month", "“微短剧+”订单", "Plus orders")
def plus_orders(plus_additional_spending: Term, plus_title_share: Term, live_price: Term) -> Term:
    """Titles ordered by tie-in partners.

    中文：由“微短剧+”带来的作品订单。

    Why: A fixed part buys titles at their price, since contracts are not published.

    为何：固定的一部分按价格购买作品，因为合同没有公布。
    """
    return plus_additional_spending * plus_title_share / live_price


@auxiliary("wanyuan/month", "“微短剧+”其他收入", "Other plus income")
def plus_income(
    plus_additional_spending: Term, plus_title_share: Term, title_completions: Term, desired_completions: Term
) -> Term:
    """Tie-in income other than titles: events, visits, placements, as far as the titles that they hang on are made.

    中文：作品之外的联动收入：活动、打卡、植入等；所依托的作品拍成多少，才有多少。

    Why: Events hang on titles: as far as they are delivered, income comes.

    为何：活动依托作品：拍成多少，收入才有多少。
    """
    made = minimum(1, ratio(title_completions, desired_completions, 0))
    return plus_additional_spending * (1 - plus_title_share) * made


@auxiliary("person/month", "联动游客", "Visitors")
def visitors(plus_income: Term, spending_per_visitor: Term) -> Term:
    """Visitors whom tie-ins bring, if all of that income came from them.

    中文：联动收入若全部来自游客，对应的人次。

    Why: An upper reading for orientation: all income as if from visitors; it feeds nothing.

    为何：供参考的上限：假定收入全部来自游客；不影响其他变量。
    """
    return plus_income / spending_per_visitor
