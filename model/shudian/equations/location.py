"""Where orders go: the city's pull against its rivals', on a market that all cities share."""

from shudian.equations.language import Term, auxiliary, by_year, exp, flow, log, maximum, ratio, stock


@flow("title/month", "委托发布", "Commissions offered")
def commissions_offered(national_live_commissions: Term) -> Term:
    """Commissions that come onto the national market.

    中文：全国新发布的实拍委托。
    """
    return national_live_commissions


@flow("title/month", "其他城市订单", "Orders of rival cities")
def rival_orders(open_commissions: Term, city_share: Term, placement_time: Term) -> Term:
    """Open commissions that go to other cities.

    中文：流向其他城市的委托。

    Why: What this city does not win goes elsewhere; the rest of the country is one place, because no other city has
    figures enough for a rival of its own.

    为何：本市没有拿到的流向别处；别处合为一个，因为没有哪个城市的数字足够单立一个对手。
    """
    return open_commissions * (1 - city_share) / placement_time


@stock("title", "待定委托", "Open commissions", initial="initial_open_commissions")
def open_commissions(commissions_offered: Term, order_return: Term, city_orders: Term, rival_orders: Term) -> Term:
    """Commissions in the country that have not yet found a city: what one city takes, no other can.

    中文：全国尚未落地的委托；一个城市拿走，其他城市就拿不到。
    """
    return commissions_offered + order_return - city_orders - rival_orders


@auxiliary("title", "期初待定委托", "Initial open commissions")
def initial_open_commissions(initial_national_commissions: Term, placement_time: Term) -> Term:
    """Open commissions in balance at the start of 2023.

    中文：2023年初平衡状态下的待定委托。
    """
    return initial_national_commissions * placement_time


@auxiliary("1", "集聚效应", "Agglomeration effect")
def agglomeration(
    ordinary_firms: Term,
    initial_viable_firms: Term,
    rival_cluster: Term,
    relative_cluster: Term,
    agglomeration_strength: Term,
    loop_r1_cluster: Term,
    effect_floor: Term,
) -> Term:
    """More firms than elsewhere, thicker services, more orders; in log-odds.

    Against the firms that the first orders could feed, and as far as `relative_cluster` says against what has grown
    in other cities since.

    中文：企业比别处多，配套厚、订单多（对数几率）：相对期初订单能养活的企业数，并（按相对程度）相对其他城市的增长。

    Why: Logarithm of density, so that each doubling helps alike; a contested weight says whether it counts against the
    city's own past or what grew elsewhere: the past alone let its share rise without any policy.

    为何：取密度的对数，每翻一番作用相同；是相对自己的过去，还是也相对别处的增长，由有争议的权重决定：只看自己的过去，
    份额会无故上升。
    """
    density = maximum(ordinary_firms / initial_viable_firms, effect_floor)
    elsewhere = relative_cluster * log(maximum(rival_cluster, effect_floor))
    return loop_r1_cluster * agglomeration_strength * (log(density) - elsewhere)


@auxiliary("1", "口碑效应", "Reputation effect")
def reputation_effect(
    reputation: Term, reputation_sensitivity: Term, loop_r2_reputation: Term, effect_floor: Term
) -> Term:
    """A city known for hits wins more orders; in log-odds.

    中文：爆款口碑带来订单（对数几率）。

    Why: A logarithm of standing with a named strength; a threshold (famous or not) would make one hit decide.

    为何：名声取对数，强度另设；若设“出名与否”的门槛，一部爆款便决定一切。
    """
    return loop_r2_reputation * reputation_sensitivity * log(maximum(reputation, effect_floor))


@auxiliary("1", "拍摄紧张度", "Pressure on sets")
def set_pressure(desired_completions: Term, set_capacity: Term) -> Term:
    """Wanted shoots over what the sets can take; above 1 crews queue.

    中文：想拍的数量与场地能力之比，大于 1 即排队。
    """
    return ratio(desired_completions, set_capacity, 1)


@auxiliary("1", "本市成本指数", "City cost index")
def city_cost_index(
    set_pressure: Term,
    initial_set_pressure: Term,
    rent_elasticity: Term,
    set_cost_share: Term,
    wage_index: Term,
    relative_labour_need: Term,
    labour_cost_share: Term,
    effect_floor: Term,
) -> Term:
    """Cost of shooting in the city against the start of 2023, before relief: rents and labour.

    中文：在本市拍摄的成本（2023年初为 1，未扣补贴）：场地租金与人工。

    Why: A geometric mean of rent and labour by their cost shares (Cobb-Douglas): unit substitution, the neutral choice
    where nobody has measured any other.

    为何：租金与人工按成本份额取几何平均（柯布–道格拉斯）：替代弹性为一，没人量过时的中性选择。
    """
    rent = rent_elasticity * log(maximum(set_pressure / initial_set_pressure, effect_floor))
    labour = log(wage_index * relative_labour_need)
    return exp(set_cost_share * rent + labour_cost_share * labour)


@auxiliary("1", "场地补贴效应", "Effect of rent relief")
def relief_effect(
    set_cost_share: Term,
    rent_relief_rate: Term,
    relief_incidence: Term,
    support_effectiveness: Term,
    cost_sensitivity: Term,
) -> Term:
    """Rent relief that reaches crews makes the city cheaper; in log-odds.

    中文：真正落到剧组的场地补贴使在本市拍摄更便宜（对数几率）。

    Why: Relief acts through cost, by the same sensitivity as any cost; an effect of its own would let it help more
    than the money that it is.

    为何：补贴经由成本起作用，灵敏度与其他成本相同；若单设作用，便可能大过它本身的钱。
    """
    relief = set_cost_share * rent_relief_rate * relief_incidence * support_effectiveness
    return -cost_sensitivity * log(1 - relief)


@auxiliary("1", "相对用工", "Relative need of labour")
def relative_labour_need(
    ai_labour_saving: Term, ai_capability: Term, rival_ai_capability: Term, loop_b9_substitution: Term
) -> Term:
    """Labour in a title against the rivals', who save as they learn to use AI.

    中文：单部用工与对手之比；对手也随其AI能力提升而节省用工。

    Why: AI counts as far as this city is ahead of others, because orders compare cities; its own level would reward
    what all do.

    为何：AI只在领先别处的限度内起作用，因为订单是在城市间比较；若只看自身水平，大家都做的也会得到好处。
    """
    return exp(ai_labour_saving * loop_b9_substitution * (rival_ai_capability - ai_capability))


@auxiliary("month", "等待时间", "Waiting time")
def waiting_time(order_backlog: Term, title_completions: Term, minimum_lead_time: Term) -> Term:
    """How long an order waits from placement to delivery.

    中文：订单从签约到完成的时间。

    Why: Little's law: what waits over what is delivered, never below the least time in which a title can be made.

    为何：按利特尔定律：在手订单除以完成量，但不短于做完一部所需的最短时间。
    """
    return maximum(ratio(order_backlog, title_completions, minimum_lead_time), minimum_lead_time)


@auxiliary("1", "拥挤效应", "Congestion effect")
def congestion(
    city_cost_index: Term,
    cost_sensitivity: Term,
    waiting_time: Term,
    first_waiting_time: Term,
    waiting_sensitivity: Term,
    rival_crowding: Term,
    loop_b1_crowding: Term,
) -> Term:
    """Dear and slow: orders go elsewhere; in log-odds, negative when the city is tighter than other cities are.

    中文：又贵又慢，订单外流（对数几率，比别处越紧张越负）。

    Why: Cost and waiting count against those elsewhere, in logarithms with elasticities of their own; a hard limit at
    full capacity would send orders away all at once.

    为何：成本与等待都相对别处，取对数、各有弹性；若满负荷即拒单，订单会一下子全部外流。
    """
    dear = cost_sensitivity * loop_b1_crowding * log(city_cost_index)
    return rival_crowding - dear - waiting_sensitivity * log(waiting_time / first_waiting_time)


@auxiliary("1", "人才效应", "Talent effect")
def talent_effect(
    experienced: Term,
    initial_labour_need: Term,
    rival_talent: Term,
    relative_talent: Term,
    talent_sensitivity: Term,
    effect_floor: Term,
) -> Term:
    """Experienced people attract orders; in log-odds, against the first need and what has grown elsewhere since.

    中文：熟练人才吸引订单（对数几率）：相对期初订单所需人手，并（按相对程度）相对其他城市的增长。

    Why: Like the cluster: logarithmic, and by a contested weight relative to what grew elsewhere, since people in
    every city became experienced.

    为何：同集聚：取对数，并按有争议的权重相对别处的增长，因为各地的人都在变熟练。
    """
    here = log(maximum(experienced / initial_labour_need, effect_floor))
    return talent_sensitivity * (here - relative_talent * log(maximum(rival_talent, effect_floor)))


@auxiliary("1", "取景地效应", "Locations effect")
def locations_effect(
    open_filming_locations: Term, initial_open_locations: Term, location_sensitivity: Term, location_half_number: Term
) -> Term:
    """More open filming locations make the city more useful to crews, each one less than the one before; in log-odds.

    中文：开放的取景地越多，对剧组越有用，但逐处递减，终有上限（对数几率）。

    Why: Saturates with a half-number: the first locations matter, the five-hundredth does not. In proportion, the
    range of the lever would decide the effect.

    为何：趋于饱和，有半数值：头几处要紧，第五百处不要紧。若成比例，作用大小便由杠杆的范围说了算。
    """
    more = open_filming_locations - initial_open_locations
    return location_sensitivity * more / (open_filming_locations + location_half_number)


@auxiliary("1", "审批效应", "Approval effect")
def approval_effect(approval_time: Term, reference_approval_days: Term, approval_sensitivity: Term) -> Term:
    """Faster approval attracts orders; in log-odds.

    中文：审批越快越吸引订单（对数几率）。

    Why: A logarithm of days: from 60 to 30 as much as from 30 to 15; in days, the last ones would count for nothing or
    for everything.

    为何：天数取对数：60天减到30天与30天减到15天同样有用；按天数计，最后几天要么不算，要么算得过多。
    """
    return -approval_sensitivity * log(approval_time / reference_approval_days)


@auxiliary("1", "补贴净效应", "Subsidy effect")
def subsidy_effect(net_subsidy_rate: Term, subsidy_sensitivity: Term) -> Term:
    """What the expected subsidy, as a share of cost, adds to the log-odds of winning an order.

    中文：预期补贴（占成本比例）对赢得订单的作用（对数几率）。

    Why: Linear in the expected share of cost, as the incentive studies report it; its strength may be nil or negative,
    because most of them find little.

    为何：与预期补贴占成本的比例成正比，研究就是这样报告的；强度可能为零或为负，因为多数研究发现作用很小。

    Evidence: PRI-025, PRI-026, PRI-027
    """
    return subsidy_sensitivity * net_subsidy_rate


@auxiliary("1", "当年订单扰动", "Order shock of the year")
def yearly_order_shock(
    order_shock_2023: Term,
    order_shock_2024: Term,
    order_shock_2025: Term,
    order_shock_2026: Term,
    order_shock_2027: Term,
    order_shock_2028: Term,
    order_shock_2029: Term,
    order_shock_2030: Term,
    order_volatility: Term,
    process_noise: Term,
) -> Term:
    """What no mechanism explains: a shock to the log-odds, drawn for each year.

    中文：机制解释不了的部分：每年抽取一次的对数几率扰动。

    Why: One draw a year, because reports are yearly and could not tell monthly noise; without any, the intervals were
    far too narrow.

    为何：每年抽取一次，因为报道按年，分不出月度扰动；没有扰动，区间会过窄。
    """
    shock = by_year(
        order_shock_2023,
        order_shock_2024,
        order_shock_2025,
        order_shock_2026,
        order_shock_2027,
        order_shock_2028,
        order_shock_2029,
        order_shock_2030,
    )
    return process_noise * order_volatility * shock


@flow("1/month", "订单扰动变动", "Change of the order shock")
def order_shock_change(yearly_order_shock: Term, order_shock: Term, order_shock_time: Term) -> Term:
    """The year's shock sets in over some months.

    中文：当年的扰动在数月内显现。

    Why: The shock sets in over months, so that January does not jump; how fast nobody can measure.

    为何：扰动在数月内显现，使一月不跳变；快慢无从测量。
    """
    return (yearly_order_shock - order_shock) / order_shock_time


@stock("1", "订单随机扰动", "Order shock", initial="order_shock_initial")
def order_shock(order_shock_change: Term) -> Term:
    """Shock to the log-odds of an order that is in force now.

    中文：当前作用于订单对数几率的随机扰动。
    """
    return order_shock_change


@auxiliary("1", "本市吸引力", "City attractiveness")
def city_attractiveness(
    agglomeration: Term,
    reputation_effect: Term,
    congestion: Term,
    talent_effect: Term,
    policy_pull: Term,
    order_shock: Term,
) -> Term:
    """The city's pull on an order, in log-odds against the start of 2023.

    中文：本市对订单的吸引力（相对2023年初的对数几率）。

    Why: Effects add in log-odds, so that each multiplies the odds; interactions nobody has measured.

    为何：各作用在对数几率上相加，即几率相乘；交互作用没人量过。
    """
    return agglomeration + reputation_effect + talent_effect + congestion + policy_pull + order_shock


@auxiliary("1", "期初对数几率", "Initial log-odds")
def initial_log_odds(initial_city_share: Term) -> Term:
    """Log-odds of the city's share at the start of 2023.

    中文：2023年初本市份额的对数几率。
    """
    return log(initial_city_share / (1 - initial_city_share))


@auxiliary("1", "本市订单份额", "City share of orders")
def city_share(
    initial_log_odds: Term, city_attractiveness: Term, rival_attractiveness: Term, matched_pull: Term
) -> Term:
    """Share of the country's live-action commissions that come to the city: own pull over own and rivals' (logit).

    中文：全国实拍委托中落到本市的份额（logit 选择）。

    Why: Logit, so that shares add up to one, nothing is ever won by all, and effects of several causes add in one
    scale. Shares in proportion to firms would leave no place for cost, waiting or policy.

    为何：用logit，使份额合计为一、谁也不会通吃，各种原因在同一标度上相加。若按企业数分配，成本、等待与政策便无处起作
    用。

    Evidence: ZD12, XAN-008
    """
    return 1 / (1 + exp(rival_attractiveness + matched_pull - initial_log_odds - city_attractiveness))
