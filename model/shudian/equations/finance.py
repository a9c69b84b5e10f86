"""Who carries a title until it is paid for: producers' own money, the fund's, and what keeps both in the trade."""

from shudian.equations.language import TINY, Term, auxiliary, flow, maximum, minimum, ratio, stock, where


@auxiliary("wanyuan/title", "单部垫资", "Own money per title")
def own_need_per_title(
    own_finance_share: Term,
    live_cost: Term,
    advance_share: Term,
    platform_guarantee_level: Term,
) -> Term:
    """What a maker must put into a title before it is paid for: its cost, less what is paid ahead under a guarantee.

    中文：一部作品在回款之前须由制作方垫付的资金：成本减去有保底时的预付款。

    Evidence: ZG23, ZP04
    """
    return own_finance_share * live_cost * (1 - advance_share * platform_guarantee_level)


@auxiliary("month", "资金占用时间", "Time that money is tied up")
def tied_time(minimum_lead_time: Term, settlement_time: Term) -> Term:
    """From the first outlay to the last payment: making the title, and waiting for the platform to settle.

    中文：从首次支出到最后回款的时间：制作周期加结算账期。
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
    """
    return ratio(money_at_hand, own_need_per_title * minimum_lead_time, desired_completions / TINY)


@auxiliary("1", "基金垫资占比", "Fund's part in financing titles")
def fund_financed_share(fund_title_money: Term, money_at_hand: Term) -> Term:
    """Share of the money for titles that is the fund's.

    中文：投入作品的资金中来自基金的份额。
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
    """
    return loop_r8_capital * profit_retention * maximum(0, live_price - live_cost) * title_completions


@flow("wanyuan/month", "经营亏损", "Operating loss")
def operating_loss(gross_profit: Term, standing_costs: Term, working_capital: Term, cash_release_time: Term) -> Term:
    """Standing costs that output does not pay are taken from the firms' money, as far as there is any.

    中文：产值付不起的固定开支由企业自有资金承担，直到用尽。
    """
    return minimum(maximum(0, standing_costs - gross_profit), working_capital / cash_release_time)


@auxiliary("wanyuan/month", "到企扶持", "Support that reaches firms")
def support_to_firms(claims_payment: Term, seeker_claim_share: Term, cash_claim_share: Term) -> Term:
    """Paid support that becomes working firms' own money: awards, and what they keep of grants and relief.

    中文：真正从事业务的企业作为自有资金收到的扶持：奖励，以及补贴与减免中未让利给委托方的部分；不含服务与专项采购。

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

    Evidence: PRI-032
    """
    own = maximum(0, working_capital + receivables - fund_invested)
    return own + displacement_share * (fund_invested + fund_title_money + fund_in_titles)


@flow("wanyuan/month", "民间增资", "Private capital")
def private_capital(capital_needed: Term, capital_in_trade: Term, capital_adjustment_time: Term) -> Term:
    """Owners, partners and lenders fill the gap, with delay.

    中文：股东、合伙人与贷款方逐步补足缺口。
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
    """
    kept = capital_needed * maximum(1, 1 / finance_margin)
    surplus = maximum(0, capital_in_trade - kept) / capital_adjustment_time
    return minimum(surplus, working_capital / cash_release_time)


@flow("wanyuan/month", "退出企业带走资金", "Capital that leaves")
def capital_leaving(working_capital: Term, startup_exit: Term, established_exit: Term, active_firms: Term) -> Term:
    """Firms that give up take or lose what money they had.

    中文：退出企业带走或亏掉的资金。
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


@flow("wanyuan/month", "基金转为项目资金", "Fund money for titles")
def fund_title_investment(
    fund_cash: Term, fund_title_share: Term, support_active: Term, fund_investment_time: Term
) -> Term:
    """The part of the fund that finances titles instead of buying shares in firms.

    中文：基金中用于项目垫资、而非入股企业的部分。
    """
    return fund_cash * fund_title_share * support_active / fund_investment_time


@flow("wanyuan/month", "基金垫付作品", "Fund's outlay on titles")
def fund_outlay(title_completions: Term, own_need_per_title: Term, fund_financed_share: Term) -> Term:
    """Fund money tied up in titles delivered and not yet paid for.

    中文：已交付、尚未回款的作品占用的基金资金。
    """
    return title_completions * own_need_per_title * fund_financed_share


@flow("wanyuan/month", "基金项目回款", "Repaid to the fund")
def fund_title_repayment(
    fund_in_titles: Term, settlement_time: Term, shortest_settlement: Term, fund_title_loss: Term
) -> Term:
    """Settled titles repay the fund, less what is lost; it goes into titles again.

    中文：作品结算后归还基金（扣除损失），再投入新作品。
    """
    return fund_in_titles * (1 - fund_title_loss) / maximum(settlement_time, shortest_settlement)


@flow("wanyuan/month", "基金项目损失", "Fund's loss on titles")
def fund_title_write_off(
    fund_in_titles: Term, settlement_time: Term, shortest_settlement: Term, fund_title_loss: Term
) -> Term:
    """Fund money in titles that is never repaid.

    中文：基金垫付中收不回的部分。
    """
    return fund_in_titles * fund_title_loss / maximum(settlement_time, shortest_settlement)


@flow("wanyuan/month", "基金项目退出", "Fund leaves titles")
def fund_title_return(fund_title_money: Term, support_active: Term, fund_investment_time: Term) -> Term:
    """When support ends the fund's money leaves the titles, as it comes free.

    中文：扶持退出后，基金的项目资金陆续收回。
    """
    return fund_title_money * (1 - support_active) / fund_investment_time


@stock("wanyuan", "基金项目可用资金", "Fund money at hand for titles", initial="fund_initial")
def fund_title_money(
    fund_title_investment: Term, fund_title_repayment: Term, fund_outlay: Term, fund_title_return: Term
) -> Term:
    """Fund money for titles that is at hand or in titles being made.

    中文：基金用于项目、手头可用或正用于在制作品的资金。
    """
    return fund_title_investment + fund_title_repayment - fund_outlay - fund_title_return


@stock("wanyuan", "基金垫款", "Fund money in titles", initial="fund_initial")
def fund_in_titles(fund_outlay: Term, fund_title_repayment: Term, fund_title_write_off: Term) -> Term:
    """Fund money in titles that are delivered and not yet paid for.

    中文：基金垫付在已交付未回款作品中的资金。
    """
    return fund_outlay - fund_title_repayment - fund_title_write_off


@auxiliary("wanyuan/title", "期初单部垫资", "Initial own money per title")
def initial_own_need(
    own_finance_share: Term,
    live_price_initial: Term,
    production_margin: Term,
    advance_share: Term,
    platform_guarantee_initial: Term,
) -> Term:
    """Own money in a title at the start of 2023.

    中文：2023年初一部作品的垫资。
    """
    cost = live_price_initial * (1 - production_margin)
    return own_finance_share * cost * (1 - advance_share * platform_guarantee_initial)


@auxiliary("title/month", "期初资金能力", "Initial capacity of finance")
def initial_finance_capacity(initial_orders: Term, initial_finance_margin: Term, initial_own_need: Term) -> Term:
    """Titles a month that the money of the start of 2023 could carry; any number where titles need no own money.

    中文：2023年初的资金每月可支撑的作品数；不需垫资时不受限制。
    """
    return where(initial_own_need > TINY, initial_orders * initial_finance_margin, initial_orders / TINY)


@auxiliary("wanyuan", "期初流动资金", "Initial working capital")
def initial_working_capital(
    initial_orders: Term, initial_finance_margin: Term, initial_own_need: Term, reference_lead_time: Term
) -> Term:
    """Own money at hand at the start of 2023.

    中文：2023年初手头的自有资金。
    """
    return initial_orders * initial_finance_margin * initial_own_need * reference_lead_time


@auxiliary("wanyuan", "期初应收账款", "Initial receivables")
def initial_receivables(initial_completions: Term, initial_own_need: Term, settlement_time: Term) -> Term:
    """Own money in delivered titles at the start of 2023.

    中文：2023年初垫付在已交付作品中的自有资金。
    """
    return initial_completions * initial_own_need * settlement_time
