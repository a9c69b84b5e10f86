"""Enterprises: entry, growth and exit, and those that come for the subsidy."""

from shudian.equations.language import Term, auxiliary, exp, flow, log, maximum, minimum, ratio, stock


@auxiliary("firm", "活跃企业", "Active firms")
def active_firms(startups: Term, established: Term, lead_firms: Term) -> Term:
    """Firms that really make titles or serve those that do.

    中文：真正从事制作与配套服务的企业。

    Evidence: ZE01, NAT-152
    """
    return startups + established + lead_firms


@auxiliary("firm", "中小企业", "Ordinary firms")
def ordinary_firms(startups: Term, established: Term) -> Term:
    """Active firms that are no lead firms.

    中文：龙头以外的活跃企业。
    """
    return startups + established


@auxiliary("wanyuan/month", "龙头企业营收", "Revenue of lead firms")
def lead_income(lead_firms: Term, lead_firm_revenue: Term, local_output: Term, lead_output_share: Term) -> Term:
    """What lead firms earn, and nobody else: their number times what one earns, within their share of the output.

    中文：龙头企业的营收：家数×单家营收，不超过其产值份额；其他企业分不到。

    Why: Number times revenue, cut at a share of output, so that leaders cannot earn more than the city sells.

    为何：家数乘单家营收，不超过产值的一个份额，龙头不会赚得比全市卖得还多。

    Evidence: ZM18, ZM19
    """
    return minimum(lead_firms * lead_firm_revenue, local_output * lead_output_share)


@auxiliary("firm", "期初可养活企业", "Initial viable firms")
def initial_viable_firms(
    initial_orders: Term,
    live_price_initial: Term,
    service_ratio: Term,
    initial_lead_firms: Term,
    lead_firm_revenue: Term,
    lead_output_share: Term,
    viable_revenue_initial: Term,
) -> Term:
    """How many ordinary firms the orders of the start of 2023 could keep going.

    中文：2023年初的订单能养活的中小企业数量。
    """
    output = initial_orders * live_price_initial * (1 + service_ratio)
    lead = minimum(initial_lead_firms * lead_firm_revenue, output * lead_output_share)
    return (output - lead) / viable_revenue_initial


@auxiliary("1", "入园企业占比", "Share of firms in parks")
def park_firm_share(parks_open: Term, firms_per_park: Term, active_firms: Term) -> Term:
    """Share of active firms that the open parks can house.

    中文：开放园区可容纳的活跃企业份额。

    Why: Places over firms, never above all; who moves in is not chosen, since no list of tenants exists.

    为何：可容纳数与企业数之比，不超过一；不设谁入园，因为没有入园名单。
    """
    return minimum(1, ratio(parks_open * firms_per_park, active_firms, 1))


@auxiliary("1", "园区服务厚度", "Services in parks")
def park_services(startup_share: Term, park_services_weight: Term) -> Term:
    """How much firms in a park give each other: established ones more than start-ups.

    中文：园区内企业相互配套的程度：有成熟企业在，配套才厚。

    Why: Established firms give each other more than start-ups do: a park's worth depends on who is in it, as the study
    of culture parks found.

    为何：成熟企业相互配套多于初创：园区值多少要看里面有谁，文化园区的研究即如此。

    Evidence: PRI-035
    """
    return 1 - park_services_weight * startup_share


@auxiliary("wanyuan/month/firm", "企业生存收入", "Revenue a firm needs")
def viable_revenue(
    viable_revenue_initial: Term, park_firm_share: Term, park_services: Term, park_cost_relief: Term
) -> Term:
    """Monthly revenue that keeps an average firm going; park services lower it, or do not.

    中文：一家普通企业维持经营所需的月收入；园区服务可能使之降低。

    Why: Parks lower need by a factor that may be nil or above one; an effect on income instead would let parks make
    sales.

    为何：园区按一个倍数降低所需收入，可能为零，也可能反向；若作用于收入，园区便能凭空产生销售。

    Evidence: PRI-035
    """
    return viable_revenue_initial * exp(-park_cost_relief * park_firm_share * park_services)


@auxiliary("firm", "可养活企业", "Viable firms")
def viable_firms(local_output: Term, lead_income: Term, viable_revenue: Term) -> Term:
    """How many ordinary firms the city's output can keep going.

    中文：本市产值（龙头营收除外）能养活的中小企业数量。

    Why: Output over what an average firm needs: how it is shared among unequal firms is left to the covers.

    为何：产值除以平均企业所需；不等的企业之间怎么分，由收入覆盖处理。
    """
    return (local_output - lead_income) / viable_revenue


@auxiliary("1", "融资宽松作用", "Effect of fund capital")
def capital_effect(
    fund_net_investment: Term,
    matched_fund: Term,
    viable_firms: Term,
    capital_per_firm: Term,
    capital_turnover_time: Term,
    fund_entry_effect: Term,
) -> Term:
    """What the fund's additional investment does to entry, against the capital that the city's firms need.

    What other cities' funds match draws nobody here: the effect fades as all adopt.

    中文：基金带来的新增投资（相对企业资金需求）对新办企业的作用，可能为零；各地都设基金后作用减弱。

    Why: A logarithm of additional capital over need, less what others match: more always counts, for less. It may be
    nil, since studies see entry in targeted sectors and fewer firms overall.

    为何：新增资金（扣除别处跟进）与需求之比的对数：越多越有用，但递减。可能为零，因为研究发现目标行业有新办企业，总数
    却未必增加。

    Evidence: PRI-028, PRI-032, PRI-033
    """
    need = viable_firms * capital_per_firm / capital_turnover_time
    return fund_entry_effect * log(1 + ratio(maximum(0, fund_net_investment - matched_fund), need, 0))


@auxiliary("firm/month", "进入企业", "Entering firms")
def entering_firms(
    viable_firms: Term,
    expected_coverage: Term,
    entry_rate: Term,
    entry_elasticity: Term,
    capital_effect: Term,
    lead_firms: Term,
    active_firms: Term,
    lead_firm_pull: Term,
    founding_time: Term,
    effect_floor: Term,
) -> Term:
    """Firms that come: as the city's output can feed them, more where cover is good, capital easy and leaders draw.

    None come faster than it takes to found a firm, however much there is to earn.

    中文：进入的企业：与产值能养活的企业成正比，覆盖好、资金宽松、龙头带动时更多；再好赚，也不会快于筹办所需的时间。

    Why: Entry scales with what output can feed and saturates with the time to found a firm; in proportion to existing
    firms a dying trade would go on founding.

    为何：进入与产值能养活的数量成正比，并受筹办时间限制；若与现有企业数成正比，衰退的行业还会不断开办。

    Evidence: PRI-010
    """
    hope = entry_elasticity * log(maximum(expected_coverage, effect_floor))
    drawn = lead_firm_pull * ratio(lead_firms, active_firms, 0)
    rate = entry_rate * exp(hope + capital_effect + drawn)
    return viable_firms * rate / (1 + rate * founding_time)


@flow("firm/month", "新办企业", "Firm entry")
def firm_entry(entering_firms: Term, crossover_share: Term) -> Term:
    """New firms, which begin as start-ups.

    中文：新办企业，从初创开始。

    Why: A fixed split between new and crossing firms; what drives either apart nobody has counted.

    为何：新办与转入按固定比例划分；各自由什么决定没有统计。
    """
    return entering_firms * (1 - crossover_share)


@flow("firm/month", "转入企业", "Crossover")
def crossover_entry(entering_firms: Term, crossover_share: Term) -> Term:
    """Film, advertising and internet firms that cross over; they have experience.

    中文：由影视、广告、互联网行业转入、已有经验的企业。

    Why: The other part, past their first years already.

    为何：其余部分，已过初创期。
    """
    return entering_firms * crossover_share


@flow("firm/month", "成长为成熟企业", "Graduation")
def graduation(startups: Term, graduation_rate: Term, expected_coverage: Term) -> Term:
    """Start-ups become established firms, faster where there is more to earn.

    中文：初创企业成长为成熟企业，收入越好越快。

    Why: In proportion to cover: who earns grows up; a fixed age would graduate firms that starve.

    为何：与收入覆盖成正比：有收入才长大；按固定年限，挨饿的也会“成熟”。
    """
    return startups * graduation_rate * expected_coverage


@auxiliary("firm", "龙头企业容量", "Room for lead firms")
def lead_firm_room(local_output: Term, lead_output_share: Term, lead_firm_revenue: Term) -> Term:
    """How many firms of 1亿元 a year the city's output has room for: their share of it over what one of them earns.

    中文：本市产值能容纳多少家年营收1亿元以上的企业：其产值份额÷单家营收。

    Why: Leaders' share of output over what one earns; promoting firms by chance would need sizes of single firms.

    为何：龙头的产值份额除以单家营收；若让单个企业凭运气长大，就需要企业规模分布。

    Evidence: ZM19, ZM18
    """
    return local_output * lead_output_share / lead_firm_revenue


@flow("firm/month", "晋升龙头", "Promotion to lead firm")
def promotion(lead_firm_room: Term, lead_firms: Term, established: Term, lead_adjustment_time: Term) -> Term:
    """Established firms pass 1亿元 of revenue a year while output has room for them.

    中文：产值有空间时，成熟企业年营收突破1亿元。

    Why: Towards the room, over time, and no more than there are established firms.

    为何：逐步趋向容量，且不超过成熟企业数。

    Evidence: ZM19, ZM20
    """
    return minimum(maximum(0, lead_firm_room - lead_firms), established) / lead_adjustment_time


@flow("firm/month", "初创退出", "Exit of start-ups")
def startup_exit(startups: Term, startup_hazard: Term, distress: Term, closing_time: Term) -> Term:
    """Start-ups give up; more often in hard times, and none faster than it takes to close.

    中文：初创企业退出，困难时更多；再快也需要办完停业。

    Why: Hazard times distress, saturating with the time that closing takes: without it half of the firms could close
    in a month.

    为何：退出率乘压力，受停业所需时间限制：否则一个月能关掉一半。

    Evidence: PRI-016, PRI-017, PRI-018
    """
    hazard = startup_hazard * distress
    return startups * hazard / (1 + hazard * closing_time)


@flow("firm/month", "成熟企业退出", "Exit of established firms")
def established_exit(
    established: Term, established_hazard: Term, established_distress: Term, closing_time: Term
) -> Term:
    """Established firms give up; more often in hard times, and none faster than it takes to close.

    中文：成熟企业退出，困难时更多；再快也需要办完停业。

    Why: The same rule at the hazard of older firms.

    为何：规则相同，用成熟企业的退出率。

    Evidence: PRI-019
    """
    hazard = established_hazard * established_distress
    return established * hazard / (1 + hazard * closing_time)


@flow("firm/month", "龙头回落", "Demotion of lead firms")
def demotion(lead_firms: Term, lead_firm_room: Term, lead_adjustment_time: Term) -> Term:
    """Lead firms fall below 1亿元 a year when output has no room for them.

    中文：产值容纳不下时，龙头企业营收回落到1亿元以下。

    Why: What exceeds the room falls back at the pace at which it rose, so that a dip does not demote all.

    为何：超出容量的按上升时的快慢回落，短暂下滑不会全部降级。
    """
    return maximum(0, lead_firms - lead_firm_room) / lead_adjustment_time


@auxiliary("firm", "期初初创企业", "Initial start-ups")
def initial_startups(initial_firms: Term, initial_startup_share: Term) -> Term:
    """Start-ups at the start of 2023.

    中文：2023年初的初创企业。
    """
    return initial_firms * initial_startup_share


@auxiliary("firm", "期初成熟企业", "Initial established firms")
def initial_established(initial_firms: Term, initial_startup_share: Term) -> Term:
    """Established firms at the start of 2023.

    中文：2023年初的成熟企业。
    """
    return initial_firms * (1 - initial_startup_share)


@stock("firm", "初创企业", "Start-ups", initial="initial_startups")
def startups(firm_entry: Term, graduation: Term, startup_exit: Term) -> Term:
    """Active firms in their first years.

    中文：成立头几年的活跃企业。
    """
    return firm_entry - graduation - startup_exit


@stock("firm", "成熟企业", "Established firms", initial="initial_established")
def established(
    graduation: Term, crossover_entry: Term, demotion: Term, promotion: Term, established_exit: Term
) -> Term:
    """Active firms past their first years.

    中文：度过头几年的活跃企业。
    """
    return graduation + crossover_entry + demotion - promotion - established_exit


@stock("firm", "龙头企业", "Lead firms", initial="initial_lead_firms")
def lead_firms(promotion: Term, demotion: Term) -> Term:
    """Firms with revenue of 1亿元 a year or more.

    中文：年营收1亿元以上的企业。

    Evidence: ZM19
    """
    return promotion - demotion
