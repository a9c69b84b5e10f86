"""Enterprises: entry, growth and exit, and those that come for the subsidy."""

from shudian.equations.language import Term, auxiliary, exp, flow, log, maximum, minimum, ratio, stock


@auxiliary("firm", "活跃企业", "Active firms")
def active_firms(startups: Term, established: Term, lead_firms: Term) -> Term:
    """Firms that really make titles or serve those that do.

    中文：真正从事制作与配套服务的企业。

    Evidence: ZE01, NAT-152
    """
    return startups + established + lead_firms


@auxiliary("firm", "期初可养活企业", "Initial viable firms")
def initial_viable_firms(
    initial_orders: Term, live_price_initial: Term, service_ratio: Term, viable_revenue_initial: Term
) -> Term:
    """How many firms the orders of the start of 2023 could keep going.

    中文：2023年初的订单能养活的企业数量。
    """
    return initial_orders * live_price_initial * (1 + service_ratio) / viable_revenue_initial


@auxiliary("1", "入园企业占比", "Share of firms in parks")
def park_firm_share(parks_open: Term, firms_per_park: Term, active_firms: Term) -> Term:
    """Share of active firms that the open parks can house.

    中文：开放园区可容纳的活跃企业份额。
    """
    return minimum(1, ratio(parks_open * firms_per_park, active_firms, 1))


@auxiliary("wanyuan/month/firm", "企业生存收入", "Revenue a firm needs")
def viable_revenue(viable_revenue_initial: Term, park_firm_share: Term, park_cost_relief: Term) -> Term:
    """Monthly revenue that keeps an average firm going; park services lower it, or do not.

    中文：一家普通企业维持经营所需的月收入；园区服务可能使之降低。

    Evidence: PRI-035
    """
    return viable_revenue_initial * exp(-park_cost_relief * park_firm_share)


@auxiliary("firm", "可养活企业", "Viable firms")
def viable_firms(local_output: Term, viable_revenue: Term) -> Term:
    """How many firms the city's output can keep going.

    中文：本市产值能养活的企业数量。
    """
    return local_output / viable_revenue


@auxiliary("1", "融资宽松作用", "Effect of fund capital")
def capital_effect(
    fund_net_investment: Term,
    viable_firms: Term,
    capital_per_firm: Term,
    capital_turnover_time: Term,
    fund_entry_effect: Term,
) -> Term:
    """What the fund's additional investment does to entry, against the capital that the city's firms need.

    中文：基金带来的新增投资（相对企业资金需求）对新办企业的作用；可能为零。

    Evidence: PRI-028, PRI-032, PRI-033
    """
    need = viable_firms * capital_per_firm / capital_turnover_time
    return fund_entry_effect * log(1 + ratio(fund_net_investment, need, 0))


@flow("firm/month", "新办企业", "Firm entry")
def firm_entry(viable_firms: Term, active_firms: Term, entry_rate: Term, capital_effect: Term) -> Term:
    """New firms: many while output could feed more than there are, few in a crowd; capital helps.

    中文：新办企业：市场养得起更多企业时进入多，拥挤时进入少；资金宽松有助于进入。

    Evidence: PRI-010
    """
    room = ratio(viable_firms, active_firms + viable_firms, 0)
    return entry_rate * viable_firms * room * exp(capital_effect)


@auxiliary("1", "经营景气", "Prosperity")
def prosperity(viable_firms: Term, active_firms: Term) -> Term:
    """1 when output just feeds the firms there are; up to 2 when it could feed many more; 0 without demand.

    中文：产值恰好养活现有企业时为 1，市场宽裕时可达 2，无需求时为 0。
    """
    return ratio(viable_firms + viable_firms, active_firms + viable_firms, 0)


@auxiliary("1", "经营压力", "Distress")
def distress(viable_firms: Term, active_firms: Term) -> Term:
    """Mirror image of prosperity: 1 in balance, 2 without demand.

    中文：与景气相对：平衡时为 1，无需求时为 2。
    """
    return ratio(active_firms + active_firms, active_firms + viable_firms, 0)


@flow("firm/month", "成长为成熟企业", "Graduation")
def graduation(startups: Term, graduation_rate: Term, prosperity: Term) -> Term:
    """Start-ups become established firms.

    中文：初创企业成长为成熟企业。
    """
    return startups * graduation_rate * prosperity


@auxiliary("firm", "龙头企业容量", "Room for lead firms")
def lead_firm_room(local_output: Term, lead_output_share: Term, lead_firm_revenue: Term) -> Term:
    """How many firms of 1亿元 a year the city's output has room for: their share of it over what one of them earns.

    中文：本市产值能容纳多少家年营收1亿元以上的企业：其产值份额÷单家营收。

    Evidence: ZM19, ZM18
    """
    return local_output * lead_output_share / lead_firm_revenue


@flow("firm/month", "晋升龙头", "Promotion to lead firm")
def promotion(lead_firm_room: Term, lead_firms: Term, established: Term, lead_adjustment_time: Term) -> Term:
    """Established firms pass 1亿元 of revenue a year while output has room for them.

    中文：产值有空间时，成熟企业年营收突破1亿元。

    Evidence: ZM19, ZM20
    """
    return minimum(maximum(0, lead_firm_room - lead_firms), established) / lead_adjustment_time


@flow("firm/month", "初创退出", "Exit of start-ups")
def startup_exit(startups: Term, startup_hazard: Term, distress: Term) -> Term:
    """Start-ups give up; more often in hard times.

    中文：初创企业退出，困难时更多。

    Evidence: PRI-016, PRI-017, PRI-018
    """
    return startups * startup_hazard * distress


@flow("firm/month", "成熟企业退出", "Exit of established firms")
def established_exit(established: Term, established_hazard: Term, distress: Term) -> Term:
    """Established firms give up.

    中文：成熟企业退出。

    Evidence: PRI-019
    """
    return established * established_hazard * distress


@flow("firm/month", "龙头回落", "Demotion of lead firms")
def demotion(lead_firms: Term, lead_firm_room: Term, lead_adjustment_time: Term) -> Term:
    """Lead firms fall below 1亿元 a year when output has no room for them.

    中文：产值容纳不下时，龙头企业营收回落到1亿元以下。
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
def established(graduation: Term, demotion: Term, promotion: Term, established_exit: Term) -> Term:
    """Active firms past their first years.

    中文：度过头几年的活跃企业。
    """
    return graduation + demotion - promotion - established_exit


@stock("firm", "龙头企业", "Lead firms", initial="initial_lead_firms")
def lead_firms(promotion: Term, demotion: Term) -> Term:
    """Firms with revenue of 1亿元 a year or more.

    中文：年营收1亿元以上的企业。

    Evidence: ZM19
    """
    return promotion - demotion


@flow("firm/month", "逐补企业进入", "Entry of support-seekers")
def seeker_entry(support_cash: Term, seeker_cash_share: Term, cash_per_seeker: Term) -> Term:
    """Firms that register for the cash: a share of the money paid, over what makes one come.

    中文：为拿补贴而来的企业：与发放的资金成正比。
    """
    return support_cash * seeker_cash_share / cash_per_seeker


@flow("firm/month", "逐补企业离开", "Exit of support-seekers")
def seeker_exit(support_seekers: Term, seeker_stay_time: Term) -> Term:
    """They leave after a time; when the cash stops, none follow.

    中文：逐补企业到期离开；资金一停，便不再有人来。
    """
    return support_seekers / seeker_stay_time


@stock("firm", "逐补企业", "Support-seekers", initial="support_seekers_initial")
def support_seekers(seeker_entry: Term, seeker_exit: Term) -> Term:
    """Firms that are in the city for its cash; registered, but making nothing.

    中文：只为补贴而注册、不产出作品的企业。
    """
    return seeker_entry - seeker_exit


@auxiliary("1", "逐补占用比例", "Share lost to support-seekers")
def seeker_claim_share(support_seekers: Term, active_firms: Term, loop_b7_seekers: Term) -> Term:
    """Share of support that support-seekers take from those it is meant for.

    中文：被逐补企业占用的扶持份额。
    """
    return loop_b7_seekers * ratio(support_seekers, support_seekers + active_firms, 0)


@auxiliary("firm", "登记企业", "Registered firms")
def registered_firms(active_firms: Term, support_seekers: Term, registered_ratio: Term) -> Term:
    """Firms as registration counts them: active ones times a coverage ratio, and the support-seekers.

    中文：按登记口径的企业数：活跃企业×口径系数＋逐补企业。

    Evidence: ZE02, ZE03, ZE05
    """
    return active_firms * registered_ratio + maximum(0, support_seekers)
