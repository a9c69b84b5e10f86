"""Who carries a title until it is paid for: producers' own money, the fund's, and what keeps both in the trade."""

from shudian.equations.language import TINY, Term, auxiliary, flow, maximum, minimum, ratio, stock


@auxiliary("wanyuan/title", "单部垫资", "Own money per title")
def own_need_per_title(
    own_finance_share: Term,
    live_cost: Term,
    advance_share: Term,
    platform_guarantee_level: Term,
) -> Term:
    """What a maker must put into a title before it is paid for: its cost, less what is paid ahead under a guarantee.

    中文：一部作品在回款之前须由制作方垫付的资金：成本减去有保底时的预付款。

    Why: Cost less what a guarantee advances; the share is a contested structure with a place at nil, where money never
    binds: the first model had none, and so a dead fund.

    为何：成本减去保底时的预付；占比是有争议的结构，可以为零（资金从不构成限制）：最初的模型没有垫资，基金因此毫无作用。

    Evidence: ZG23, ZP04
    """
    return own_finance_share * live_cost * (1 - advance_share * platform_guarantee_level)


@auxiliary("month", "资金占用时间", "Time that money is tied up")
def tied_time(minimum_lead_time: Term, settlement_time: Term) -> Term:
    """From the first outlay to the last payment: making the title, and waiting for the platform to settle.

    中文：从首次支出到最后回款的时间：制作周期加结算账期。

    Why: Two waits in a row, making and settling, so they add.

    为何：制作与结算一前一后，所以相加。
    """
    return minimum_lead_time + settlement_time


@auxiliary("wanyuan", "可用资金", "Money at hand for titles")
def money_at_hand(working_capital: Term, fund_title_money: Term) -> Term:
    """Money that can go into titles now: the producers' own and the fund's.

    中文：当前可投入作品的资金：制作方自有资金与基金的项目资金。
    """
    return working_capital + fund_title_money


@auxiliary("title/month", "资金能力", "Capacity of finance")
def finance_capacity(
    money_at_hand: Term, own_need_per_title: Term, minimum_lead_time: Term, desired_completions: Term
) -> Term:
    """Titles a month that the money at hand can carry; without a need for own money, any number.

    中文：现有资金每月可支撑的作品数；不需垫资时不受限制。

    Why: Money over what each title ties up while it is made; no limit where titles need no own money, so that the
    rival structure is nested.

    为何：资金除以制作期内每部占用；不需垫资时不设限，从而把另一种结构套在里面。
    """
    return ratio(money_at_hand, own_need_per_title * minimum_lead_time, desired_completions / TINY)


@auxiliary("1", "基金垫资占比", "Fund's part in financing titles")
def fund_financed_share(fund_title_money: Term, money_at_hand: Term) -> Term:
    """Share of the money for titles that is the fund's.

    中文：投入作品的资金中来自基金的份额。

    Why: The fund finances titles in proportion to its part of the money at hand; who gets fund money first is not
    known.

    为何：按基金在可用资金中的份额垫资；先用谁的钱无从知道。
    """
    return ratio(fund_title_money, money_at_hand, 0)


@flow("wanyuan/month", "自有资金垫付", "Own money into titles")
def own_outlay(title_completions: Term, own_need_per_title: Term, fund_financed_share: Term) -> Term:
    """Own money that is tied up in titles delivered and not yet paid for.

    中文：已交付、尚未回款的作品占用的自有资金。
    """
    return title_completions * own_need_per_title * (1 - fund_financed_share)


@flow("wanyuan/month", "结算回款", "Settlement")
def settlement(receivables: Term, settlement_time: Term, shortest_settlement: Term) -> Term:
    """Platforms and commissioners settle, months after delivery.

    中文：平台与委托方在交付数月后结算。

    Why: First-order, with a shortest time that keeps the step stable; bills that all fall due on one day would make
    waves.

    为何：一阶时滞，设最短时间使计算稳定；若所有账款同日到期，会造成波动。
    """
    return receivables / maximum(settlement_time, shortest_settlement)


@stock("wanyuan", "应收账款", "Receivables", initial="initial_receivables")
def receivables(own_outlay: Term, settlement: Term) -> Term:
    """Producers' own money in titles that are delivered and not yet paid for.

    中文：制作方垫付在已交付未回款作品中的自有资金。
    """
    return own_outlay - settlement


@auxiliary("wanyuan/month", "毛利", "Gross profit")
def gross_profit(local_output: Term, contribution_margin: Term) -> Term:
    """What output leaves after what it takes to make it, before the firms' standing costs.

    中文：产值扣除直接制作支出之后的余额，未扣企业的固定开支。

    Why: A constant contribution margin, since makers' accounts are not published by kind of income.

    为何：取固定的毛利率，因为没有按收入种类公布的账目。
    """
    return local_output * contribution_margin


@auxiliary("wanyuan/month", "固定开支", "Standing costs")
def standing_costs(
    ordinary_firms: Term,
    viable_revenue: Term,
    lead_firms: Term,
    lead_firm_revenue: Term,
    contribution_margin: Term,
    idle_set_cost: Term,
) -> Term:
    """Rent, staff and equipment that firms pay whether or not they have work, and what idle sets cost.

    Without idle sets they are covered just when revenue is viable.

    中文：企业无论有无订单都要支付的房租、人员、设备，以及闲置场地的开支；没有闲置时，收入恰为生存收入便刚好付清。

    Why: Costs that do not follow orders, set so that viable revenue just covers them: then viability means one thing
    in firms and in finance.

    为何：不随订单变化的开支，取值使生存收入恰好付清：这样企业与资金两处的“能生存”是同一回事。
    """
    needed = ordinary_firms * viable_revenue + lead_firms * lead_firm_revenue
    return needed * contribution_margin + idle_set_cost


@flow("wanyuan/month", "盈利留存", "Profit retained")
def profit_retained(
    title_completions: Term,
    live_price: Term,
    live_cost: Term,
    profit_retention: Term,
    loop_r8_capital: Term,
) -> Term:
    """What producers keep of what titles bring beyond their cost becomes capital; sold at cost, they bring nothing.

    中文：作品价格高于成本的部分中，由制作方留存的成为资本；按成本价承制则无可留存。

    Why: Only the margin over cost is kept; retaining a share of turnover let titles sold at cost make capital from
    nothing.

    为何：只留存高于成本的部分；若按营收留存，按成本价承制的作品也会凭空生出资本。
    """
    return loop_r8_capital * profit_retention * maximum(0, live_price - live_cost) * title_completions


@flow("wanyuan/month", "经营亏损", "Operating loss")
def operating_loss(gross_profit: Term, standing_costs: Term, working_capital: Term, cash_release_time: Term) -> Term:
    """Standing costs that output does not pay are taken from the firms' money, as far as there is any.

    中文：产值付不起的固定开支由企业自有资金承担，直到用尽。

    Why: Loss is taken from money while there is any, at a bounded pace, so that capital never turns negative; debt is
    left out.

    为何：亏损从资金里扣，直到用尽，速度有界，资金不会为负；债务不在模型内。
    """
    return minimum(maximum(0, standing_costs - gross_profit), working_capital / cash_release_time)


@auxiliary("wanyuan/month", "到企扶持", "Support that reaches firms")
def support_to_firms(claims_payment: Term, seeker_claim_share: Term, cash_claim_share: Term) -> Term:
    """Paid support that becomes working firms' own money: awards, and what they keep of grants and relief.

    中文：真正从事业务的企业作为自有资金收到的扶持：奖励，以及补贴与减免中未让利给委托方的部分；不含服务与专项采购。

    Why: Only claims for cash become firms' own money; services and programmes are spent on others. Counting all
    support would carry firms on money they never see.

    为何：只有现金类申领成为企业自有资金，服务与专项是花给别人的；若全计，企业就靠见不到的钱活着。

    Evidence: ZG03
    """
    return claims_payment * (1 - seeker_claim_share) * cash_claim_share


@flow("wanyuan/month", "扶持入账", "Support received")
def support_received(support_to_firms: Term) -> Term:
    """The same money as part of what the treasury pays, seen from the firms.

    中文：财政支付的一部分，从企业一侧看。
    """
    return support_to_firms


@flow("wanyuan/month", "新企业出资", "Capital of entrants")
def entrants_capital(
    firm_entry: Term, crossover_entry: Term, capital_needed: Term, active_firms: Term, entrant_capital_ratio: Term
) -> Term:
    """What new firms bring with them: a part of what the titles of an average firm here tie up.

    中文：新进入企业带来的资金：本市普通企业作品所需垫资的一部分。

    Why: Newcomers bring a share of what a firm here ties up, so that their money scales with the trade; a fixed sum
    would be out of date in a year.

    为何：新企业带来本地企业平均垫资的一部分，随行业规模变化；定额一年就过时。
    """
    each = entrant_capital_ratio * ratio(capital_needed, active_firms, 0)
    return (firm_entry + crossover_entry) * each


@flow("wanyuan/month", "股权资金到账", "Equity received")
def equity_received(fund_investment: Term) -> Term:
    """The fund's investment in firms; what it displaces shows in what private investors then leave out.

    中文：基金对企业的投资；其挤出的民间资金体现在民间增资的减少上。
    """
    return fund_investment


@flow("wanyuan/month", "企业回购", "Shares bought back")
def equity_bought_back(fund_return: Term, buyback_share: Term, working_capital: Term, cash_release_time: Term) -> Term:
    """The fund leaves firms in part by selling to the firms themselves, as far as they have money; others buy the rest.

    中文：基金退出时，一部分股权由企业自己回购（以其资金为限），其余转让给他人。

    Why: Buy-backs are limited by the money that firms have; without that limit the fund's exit could empty them.

    为何：回购以企业的钱为限；否则基金退出会把企业掏空。
    """
    return minimum(fund_return * buyback_share, working_capital / cash_release_time)


@auxiliary("wanyuan", "所需垫资", "Capital that plans need")
def capital_needed(
    desired_production: Term,
    set_capacity: Term,
    workforce_capacity: Term,
    own_need_per_title: Term,
    tied_time: Term,
    finance_margin: Term,
) -> Term:
    """Own money that planned titles tie up, as far as sets and people can make them, with the owners' margin.

    中文：计划作品（以场地与人手做得出来的为限）占用的垫资，加上出资人所留的余量。

    Why: What plans tie up, but only as far as sets and people could make them: owners do not fund titles that nobody
    can shoot.

    为何：按计划占用计算，但以场地和人手做得出来的为限：没有人会给拍不了的作品垫钱。
    """
    makeable = minimum(desired_production, minimum(set_capacity, maximum(0, workforce_capacity)))
    return makeable * own_need_per_title * tied_time * finance_margin


@auxiliary("wanyuan", "在业资金", "Capital in the trade")
def capital_in_trade(
    working_capital: Term,
    receivables: Term,
    fund_title_money: Term,
    fund_in_titles: Term,
    fund_invested: Term,
    displacement_share: Term,
) -> Term:
    """Capital that private investors count before they add their own: the fund's money keeps part of theirs away.

    Shares that the fund holds have become the firms' own money, money for titles has not; both displace alike.

    中文：民间出资人判断缺口时计入的资金；基金的资金（无论入股还是垫资）会挤出其中一部分。

    Why: Investors see the fund's money as part of what is there, by a displacement share; counting none makes each
    yuan of fund additional, counting all makes none so.

    为何：民间出资人把基金看作已有资金的一部分，按挤出比例计；完全不计，则基金每元都是新增，全计则一元也不新增。

    Evidence: PRI-032
    """
    own = maximum(0, working_capital + receivables - fund_invested)
    return own + displacement_share * (fund_invested + fund_title_money + fund_in_titles)


@flow("wanyuan/month", "民间增资", "Private capital")
def private_capital(capital_needed: Term, capital_in_trade: Term, capital_adjustment_time: Term) -> Term:
    """Owners, partners and lenders fill the gap, with delay.

    中文：股东、合伙人与贷款方逐步补足缺口。

    Why: The gap is filled over time, never drained by this flow; withdrawing has its own rule, because owners leave
    more slowly than they come.

    为何：缺口逐步补足，本流量从不为负；撤资另有规则，因为进出的道理不同。
    """
    return maximum(0, capital_needed - capital_in_trade) / capital_adjustment_time


@flow("wanyuan/month", "分红撤资", "Withdrawals")
def withdrawals(
    capital_needed: Term,
    finance_margin: Term,
    capital_in_trade: Term,
    working_capital: Term,
    capital_adjustment_time: Term,
    cash_release_time: Term,
) -> Term:
    """Owners take out what plans do not need; who does not bring enough does not therefore take out what is needed.

    中文：股东取走计划不需要的资金；出资不足的股东，也不会因此抽走计划仍需要的资金。

    Why: Only what plans do not need is taken out, and no more than is at hand; a two-sided adjustment would pull money
    out of titles being made.

    为何：只取走计划不需要的，且不超过手头的钱；若双向调整，会从在拍作品里抽钱。
    """
    kept = capital_needed * maximum(1, 1 / finance_margin)
    surplus = maximum(0, capital_in_trade - kept) / capital_adjustment_time
    return minimum(surplus, working_capital / cash_release_time)


@flow("wanyuan/month", "退出企业带走资金", "Capital that leaves")
def capital_leaving(working_capital: Term, startup_exit: Term, established_exit: Term, active_firms: Term) -> Term:
    """Firms that give up take or lose what money they had.

    中文：退出企业带走或亏掉的资金。

    Why: Firms that leave take the average firm's money: no figure tells whether the poorer leave first.

    为何：退出企业带走平均水平的资金：没有数字说明是否钱少的先走。
    """
    return working_capital * ratio(startup_exit + established_exit, active_firms, 0)


@stock("wanyuan", "自有流动资金", "Working capital", initial="initial_working_capital")
def working_capital(
    settlement: Term,
    profit_retained: Term,
    support_received: Term,
    entrants_capital: Term,
    equity_received: Term,
    private_capital: Term,
    own_outlay: Term,
    operating_loss: Term,
    withdrawals: Term,
    capital_leaving: Term,
    equity_bought_back: Term,
) -> Term:
    """Producers' own money that is at hand or in titles being made.

    中文：制作方手头的、以及正用于在制作品的自有资金。
    """
    earned = settlement + profit_retained + support_received
    brought = entrants_capital + equity_received + private_capital
    return earned + brought - own_outlay - operating_loss - withdrawals - capital_leaving - equity_bought_back
