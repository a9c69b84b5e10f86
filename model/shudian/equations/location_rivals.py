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

    Why: Rivals grow with the value of what they make by the city's own rule, in one delay instead of entry, growth and
    exit; a fixed rival let the city's share drift up for ever.

    为何：对手按与本市相同的道理随其产值增减，用一个时滞代替进入、成长与退出；对手若不变，本市份额会一直上升。
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

    Why: Person-days of live and AI titles relative to the start: the same workloads as here, because nobody has
    figures for others.

    为何：实拍与AI的人日相对期初：工作量与本市同，因为没有别处的数字。
    """
    first = initial_national_commissions * (1 - initial_city_share) * person_days_initial
    ai_native = (national_ai_titles - ai_orders) * ai_person_days_per_title
    return (rival_titles * person_days_per_title + ai_native) / first


@flow("1/month", "对手排单变动", "Change of the rivals' load")
def rival_load_change(rival_work: Term, rival_load: Term, first_waiting_time: Term) -> Term:
    """Orders that rivals win and can finance become work on their hands within the time that an order takes.

    中文：对手赢得且垫得起资的订单在一个交付周期内成为其手头的工作。

    Why: Work reaches rivals' hands within the city's first lead time: their own is not known.

    为何：工作在本市期初的交付周期内到手：别处的周期不知道。
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

    Why: People follow work in one delay: hiring, training and leaving of others cannot be told apart by any figure.

    为何：人随工作量走，用一个时滞：别处的招人、成长与离开没有数字可以分开。
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

    Why: Want of money shows as waiting, bounded by the floor; dropped orders alone would make poor rivals look quick.

    为何：缺钱表现为等待，并设下限；若只算不拍的，缺钱的对手反而显得快。
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

    Why: The city's rule for cost and waiting applied to others and weighed by a contested parameter; without it only
    this city would ever be full.

    为何：把本市的成本与等待规则用于别处，由有争议的参数加权；否则只有本市会满。
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

    Why: The base rates of this city, without its wages and learning, which the model does not know of others.

    为何：用本市的基准速度，不含工资与干中学，因为不知道别处的。
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

    Why: Instruments add in log-odds: no study tells whether they help or hinder each other.

    为何：各工具在对数几率上相加：没有研究说明它们相互促进还是抵消。
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

    Why: Only gains are imitated, in logarithms, with delay: cities copy winners and do not unlearn when one loses. A
    drift stands for what they do of their own.

    为何：只模仿上升，取对数、有滞后：城市学赢家，不会因别人输了就忘掉。自身的变化由漂移项承担。

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

    Why: A share of the whole pull is matched, not instrument by instrument: 19 provinces have policies, but nobody
    knows who answers what.

    为何：按总拉力的一个份额跟进，而不逐项：十九个省都有政策，但谁跟进哪一项无人知道。

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

    Why: Funds are matched like the other policies, since the studies find their effect to fade as all adopt one.

    为何：基金与其他政策同样被跟进，因为研究发现各地都设基金后作用减弱。

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
