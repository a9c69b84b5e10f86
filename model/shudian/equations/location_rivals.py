"""The other cities: their cluster, talent and crowding, and how they answer what this city gains."""

from shudian.equations.language import Term, auxiliary, flow, log, maximum, minimum, stock


@flow("1/month", "对手集群变动", "Change of the rivals' cluster")
def rival_cluster_change(
    rival_titles: Term,
    value_per_title: Term,
    ai_spending: Term,
    ai_output: Term,
    initial_national_commissions: Term,
    initial_city_share: Term,
    live_price_initial: Term,
    service_ratio: Term,
    initial_ai_spending: Term,
    rival_cluster: Term,
    rival_cluster_time: Term,
) -> Term:
    """Other cities' firms grow with what their live-action and AI titles are worth, as this city's do.

    中文：其他城市的企业随其实拍与AI作品的金额增减，与本市同理。
    """
    value = rival_titles * value_per_title + maximum(0, ai_spending - ai_output)
    live_action = initial_national_commissions * (1 - initial_city_share) * live_price_initial * (1 + service_ratio)
    first = live_action + initial_ai_spending
    return (value / first - rival_cluster) / rival_cluster_time


@stock("1", "对手集群", "Cluster of rival cities", initial="rival_cluster_initial")
def rival_cluster(rival_cluster_change: Term) -> Term:
    """How thick firms and services are elsewhere, 1 at the start of 2023.

    中文：其他城市的企业与配套厚度，2023年初为 1。
    """
    return rival_cluster_change


@auxiliary("1", "对手工作量", "Work of rival cities")
def rival_work(
    rival_titles: Term,
    person_days_per_title: Term,
    national_ai_titles: Term,
    ai_orders: Term,
    ai_person_days_per_title: Term,
    initial_national_commissions: Term,
    initial_city_share: Term,
    person_days_initial: Term,
) -> Term:
    """The work that other cities' live-action and AI titles ask for, 1 at the start of 2023.

    中文：其他城市的实拍与AI作品所需的工作量，2023年初为 1。
    """
    first = initial_national_commissions * (1 - initial_city_share) * person_days_initial
    ai_native = (national_ai_titles - ai_orders) * ai_person_days_per_title
    return (rival_titles * person_days_per_title + ai_native) / first


@flow("1/month", "对手排单变动", "Change of the rivals' load")
def rival_load_change(rival_work: Term, rival_load: Term, first_waiting_time: Term) -> Term:
    """Orders that rivals win and can finance become work on their hands within the time that an order takes.

    中文：对手赢得且垫得起资的订单在一个交付周期内成为其手头的工作。
    """
    return (rival_work - rival_load) / first_waiting_time


@stock("1", "对手排单", "Load of rival cities", initial="rival_cluster_initial")
def rival_load(rival_load_change: Term) -> Term:
    """Work on the hands of other cities, 1 at the start of 2023.

    中文：其他城市手头的工作量，2023年初为 1。
    """
    return rival_load_change


@flow("1/month", "对手人才变动", "Change of the rivals' talent")
def rival_talent_change(rival_work: Term, rival_talent: Term, rival_talent_time: Term) -> Term:
    """Other cities' experienced people grow with the work there, as this city's do.

    中文：其他城市的熟手随当地工作量增减，与本市同理。
    """
    return (rival_work - rival_talent) / rival_talent_time


@stock("1", "对手人才", "Talent of rival cities", initial="rival_cluster_initial")
def rival_talent(rival_talent_change: Term) -> Term:
    """How many experienced people there are elsewhere, 1 at the start of 2023.

    中文：其他城市的熟练人才，2023年初为 1。
    """
    return rival_talent_change


@flow("1/month", "对手等待变动", "Change of the rivals' waiting")
def rival_wait_change(
    rival_finance_cover: Term, rival_wait: Term, first_waiting_time: Term, effect_floor: Term
) -> Term:
    """Where other cities cannot finance all their orders, those that they do make take longer.

    中文：其他城市垫资不足时，能拍的订单也要等更久。
    """
    longer = 1 / maximum(minimum(1, rival_finance_cover), effect_floor)
    return (longer - rival_wait) / first_waiting_time


@stock("1", "对手等待", "Waiting in rival cities", initial="rival_cluster_initial")
def rival_wait(rival_wait_change: Term) -> Term:
    """How long orders wait elsewhere for want of money, 1 where there is no want.

    中文：其他城市因资金不足而使订单等待的程度，资金充足时为 1。
    """
    return rival_wait_change


@auxiliary("1", "对手拥挤", "Crowding of rival cities")
def rival_crowding(
    rival_load: Term,
    rival_talent: Term,
    rival_wait: Term,
    relative_crowding: Term,
    waiting_sensitivity: Term,
    cost_sensitivity: Term,
    set_cost_share: Term,
    rent_elasticity: Term,
    effect_floor: Term,
) -> Term:
    """Other cities too are slow and dear while their work grows faster than their people, and the reverse; in log-odds.

    Where they lack money they are slow besides.

    中文：其他城市的工作量增长快于人手时同样又慢又贵，反之亦然；缺垫资时也更慢（对数几率）。
    """
    pressure = log(maximum(rival_load / maximum(rival_talent, effect_floor), effect_floor))
    rents = cost_sensitivity * set_cost_share * rent_elasticity * pressure
    return relative_crowding * (rents + waiting_sensitivity * (pressure + log(rival_wait)))


@flow("1/month", "对手AI能力变动", "Change of the rivals' AI capability")
def rival_ai_change(
    ai_frontier: Term, rival_ai_capability: Term, ai_adoption_rate: Term, ai_obsolescence_rate: Term
) -> Term:
    """Other cities move towards the frontier and forget at this city's base rates, without its learning and its wages.

    中文：其他城市向技术前沿靠拢、工具过时，均按本市的基准速度，不含干中学与工资的影响。
    """
    return maximum(0, ai_frontier - rival_ai_capability) * ai_adoption_rate - rival_ai_capability * ai_obsolescence_rate


@stock("1", "对手AI能力", "AI capability of rival cities", initial="ai_capability_initial")
def rival_ai_capability(rival_ai_change: Term) -> Term:
    """AI and virtual-production capability of other cities, on the scale of the national frontier (0 to 1).

    中文：其他城市的AI与虚拟制作能力，与全国技术前沿同一标度（0—1）。
    """
    return rival_ai_change


@auxiliary("1", "政策拉力", "Pull of policy")
def policy_pull(subsidy_effect: Term, relief_effect: Term, approval_effect: Term, locations_effect: Term) -> Term:
    """What the city's policies add to the log-odds of winning an order, whatever the instrument.

    中文：各项政策（不论工具）对赢得订单的作用合计（对数几率）。
    """
    return subsidy_effect + relief_effect + approval_effect + locations_effect


@flow("1/month", "对手追赶", "Rivals catch up")
def rival_catching_up(
    city_share: Term,
    initial_city_share: Term,
    rival_imitation: Term,
    rival_attractiveness: Term,
    rival_delay: Term,
    rival_response_multiplier: Term,
    rival_drift: Term,
    time: Term,
    loop_b6_rivals: Term,
    effect_floor: Term,
) -> Term:
    """Rivals imitate a gain in share, whatever brought it, with a delay. They also drift.

    中文：对手城市滞后地模仿份额增长（不论原因），也有自身的变化。

    Evidence: NAT-156, NAT-157
    """
    gain = maximum(0, log(maximum(city_share / initial_city_share, effect_floor)))
    response = loop_b6_rivals * rival_response_multiplier * rival_imitation * gain
    return (response + rival_drift * time - rival_attractiveness) / rival_delay


@flow("1/month", "对手跟进政策", "Rivals match policy")
def rival_matching_policy(
    policy_pull: Term,
    rival_matching: Term,
    rival_response_multiplier: Term,
    matched_pull: Term,
    rival_delay: Term,
    loop_b6_rivals: Term,
) -> Term:
    """Rivals match what the city's policies win, with a delay: the race to the bottom.

    中文：对手城市滞后地跟进本市政策（逐底竞争）。

    Evidence: NAT-156, NAT-157, PRI-033
    """
    target = loop_b6_rivals * rival_response_multiplier * rival_matching * maximum(0, policy_pull)
    return (target - matched_pull) / rival_delay


@stock("1", "被跟进的政策拉力", "Pull matched by rivals", initial="rival_attractiveness_initial")
def matched_pull(rival_matching_policy: Term) -> Term:
    """How much of the pull of the city's policies other cities have matched, in log-odds.

    中文：本市政策的拉力中已被其他城市跟进抵消的部分（对数几率）。
    """
    return rival_matching_policy


@flow("wanyuan/month**2", "跟进基金变动", "Change of matched funds")
def matched_fund_change(
    fund_net_investment: Term,
    rival_matching: Term,
    rival_response_multiplier: Term,
    loop_b6_rivals: Term,
    matched_fund: Term,
    rival_delay: Term,
) -> Term:
    """Other cities set up funds after this one's, with a delay.

    中文：其他城市滞后地跟进设立基金。

    Evidence: PRI-033
    """
    target = loop_b6_rivals * rival_response_multiplier * rival_matching * fund_net_investment
    return (target - matched_fund) / rival_delay


@stock("wanyuan/month", "跟进的基金投资", "Matched fund investment", initial="matched_fund_initial")
def matched_fund(matched_fund_change: Term) -> Term:
    """What the funds of a city of this one's size would invest because this one has a fund.

    中文：因本市设基金而跟进的投资，折算成与本市规模相同的城市。
    """
    return matched_fund_change


@auxiliary("1", "政策净拉力", "Edge left by policy")
def policy_edge(policy_pull: Term, matched_pull: Term) -> Term:
    """What the city's policies still win after rivals' answers: what a race between cities leaves of support.

    中文：对手跟进之后，本市政策仍能带来的拉力：逐底竞争之后扶持还剩多少作用。
    """
    return policy_pull - matched_pull


@stock("1", "对手吸引力", "Attractiveness of rival cities", initial="rival_attractiveness_initial")
def rival_attractiveness(rival_catching_up: Term) -> Term:
    """The pull of all other cities together, in log-odds against the start of 2023.

    中文：其他城市合起来的吸引力（相对2023年初的对数几率）。
    """
    return rival_catching_up
