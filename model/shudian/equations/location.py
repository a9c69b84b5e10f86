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
    """
    relief = set_cost_share * rent_relief_rate * relief_incidence * support_effectiveness
    return -cost_sensitivity * log(1 - relief)


@auxiliary("1", "相对用工", "Relative need of labour")
def relative_labour_need(
    ai_labour_saving: Term, ai_capability: Term, rival_ai_capability: Term, loop_b9_substitution: Term
) -> Term:
    """Labour in a title against the rivals', who save as they learn to use AI.

    中文：单部用工与对手之比；对手也随其AI能力提升而节省用工。
    """
    return exp(ai_labour_saving * loop_b9_substitution * (rival_ai_capability - ai_capability))


@auxiliary("month", "等待时间", "Waiting time")
def waiting_time(order_backlog: Term, title_completions: Term, minimum_lead_time: Term) -> Term:
    """How long an order waits from placement to delivery.

    中文：订单从签约到完成的时间。
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
    """
    here = log(maximum(experienced / initial_labour_need, effect_floor))
    return talent_sensitivity * (here - relative_talent * log(maximum(rival_talent, effect_floor)))


@auxiliary("1", "取景地效应", "Locations effect")
def locations_effect(
    open_filming_locations: Term, initial_open_locations: Term, location_sensitivity: Term, location_half_number: Term
) -> Term:
    """More open filming locations make the city more useful to crews, each one less than the one before; in log-odds.

    中文：开放的取景地越多，对剧组越有用，但逐处递减，终有上限（对数几率）。
    """
    more = open_filming_locations - initial_open_locations
    return location_sensitivity * more / (open_filming_locations + location_half_number)


@auxiliary("1", "审批效应", "Approval effect")
def approval_effect(approval_time: Term, reference_approval_days: Term, approval_sensitivity: Term) -> Term:
    """Faster approval attracts orders; in log-odds.

    中文：审批越快越吸引订单（对数几率）。
    """
    return -approval_sensitivity * log(approval_time / reference_approval_days)


@auxiliary("1", "补贴净效应", "Subsidy effect")
def subsidy_effect(net_subsidy_rate: Term, subsidy_sensitivity: Term) -> Term:
    """What the expected subsidy, as a share of cost, adds to the log-odds of winning an order.

    中文：预期补贴（占成本比例）对赢得订单的作用（对数几率）。

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

    Evidence: ZD12, XAN-008
    """
    return 1 / (1 + exp(rival_attractiveness + matched_pull - initial_log_odds - city_attractiveness))
