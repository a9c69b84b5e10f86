"""What the city gives: the fund, subsidies, parks, the budget that bounds them, and what it all costs."""

from shudian.equations.language import Term, auxiliary, flow, maximum, minimum, ratio, stock, where


@auxiliary("1", "扶持是否在期", "Support in force")
def support_active(time: Term, support_end: Term) -> Term:
    """1 until support ends, then 0.

    中文：扶持在期为 1，退出后为 0。
    """
    return where(time < support_end, 1, 0)


@auxiliary("1", "扶持有效程度", "Effectiveness of support")
def support_effectiveness(
    support_active: Term,
    delivery_share: Term,
    support_credibility: Term,
    seeker_claim_share: Term,
    loop_b5_budget: Term,
) -> Term:
    """What firms can count on of a promised yuan: delivered, believed, and not taken by support-seekers.

    中文：每承诺1元扶持中企业真正指望得上的部分：兑现、可信、且未被逐补企业占用。
    """
    believed = loop_b5_budget * support_credibility + (1 - loop_b5_budget)
    return support_active * delivery_share * believed * (1 - seeker_claim_share)


@auxiliary("1", "扶持兑现程度", "Delivered share of support")
def support_delivered(support_active: Term, delivery_share: Term) -> Term:
    """Share of an announced programme that is carried out and claimed.

    中文：已宣布的扶持真正落地、形成申领的份额。

    Evidence: PRI-030, PRI-031
    """
    return support_active * delivery_share


@auxiliary("wanyuan/title", "单部补贴", "Grant per eligible title")
def grant_per_title(
    production_subsidy_rate: Term, production_subsidy_cap: Term, live_price: Term, subsidised_cost_share: Term
) -> Term:
    """What one eligible title is granted: the rate on its cost, and never more than the cap.

    中文：一部合格作品可得的补贴：成本×比例，且不超过上限。

    Evidence: SZN-001, SZN-002
    """
    return minimum(production_subsidy_rate * subsidised_cost_share * live_price, production_subsidy_cap)


@auxiliary("1", "预期净补贴率", "Net subsidy rate")
def net_subsidy_rate(
    grant_per_title: Term, production_subsidy_eligible_share: Term, live_price: Term, support_effectiveness: Term
) -> Term:
    """Subsidy that the average commissioner can expect, as a share of the price of a title.

    中文：一般委托方可预期的补贴占价格的比例。
    """
    return grant_per_title / live_price * production_subsidy_eligible_share * support_effectiveness


@auxiliary("wanyuan/month", "制作补贴申领", "Production-subsidy claims")
def subsidy_claims(
    title_completions: Term,
    production_subsidy_eligible_share: Term,
    grant_per_title: Term,
    support_delivered: Term,
) -> Term:
    """Claims for production subsidies: eligible titles times the grant, whether or not they needed it.

    中文：制作补贴申领额：合格作品×单部补贴，不论没有补贴是否也会拍。

    Evidence: PRI-027
    """
    return title_completions * production_subsidy_eligible_share * grant_per_title * support_delivered


@auxiliary("wanyuan/month", "精品奖励申领", "Quality-award claims")
def award_claims(quality_work_completions: Term, quality_award: Term, support_delivered: Term) -> Term:
    """Claims for quality awards.

    中文：精品奖励申领额。
    """
    return quality_work_completions * quality_award * support_delivered


@auxiliary("wanyuan/month", "场地补贴申领", "Rent-relief claims")
def rent_claims(
    title_completions: Term, set_rent_per_title: Term, rent_relief_rate: Term, support_delivered: Term
) -> Term:
    """Claims for rent relief: a share of what crews pay for sets.

    中文：场地补贴申领额：剧组场地租金的一个比例。

    Evidence: ZB11, ZG03
    """
    return title_completions * set_rent_per_title * rent_relief_rate * support_delivered


@auxiliary("wanyuan/month", "剧本孵化投入", "Script-incubation spending")
def script_spending(script_incubation: Term, support_effectiveness: Term) -> Term:
    """Script-incubation money that reaches those it is meant for.

    中文：真正用到位的剧本孵化资金。
    """
    return script_incubation * support_effectiveness


@auxiliary("wanyuan/month", "技术扶持投入", "AI-support spending")
def ai_support_spending(ai_support: Term, support_effectiveness: Term) -> Term:
    """AI support that reaches those it is meant for.

    中文：真正用到位的技术扶持资金。
    """
    return ai_support * support_effectiveness


@auxiliary("wanyuan/month", "出海扶持投入", "Overseas-support spending")
def overseas_support_spending(overseas_support: Term, support_effectiveness: Term) -> Term:
    """Overseas support that reaches those it is meant for.

    中文：真正用到位的出海扶持资金。
    """
    return overseas_support * support_effectiveness


@auxiliary("wanyuan/month", "“微短剧+”投入", "Plus-programme spending")
def plus_spending(plus_programme: Term, support_effectiveness: Term) -> Term:
    """Public commissions that are really placed.

    中文：真正下达的“微短剧+”公共委托。
    """
    return plus_programme * support_effectiveness


@auxiliary("wanyuan/month", "专项计划申领", "Programme claims")
def programme_claims(
    script_incubation: Term,
    ai_support: Term,
    overseas_support: Term,
    plus_programme: Term,
    talent_training: Term,
    training_cost: Term,
    overseas_service_window: Term,
    service_window_cost: Term,
    support_delivered: Term,
) -> Term:
    """What the budgeted programmes claim: scripts, AI, overseas, commissions, training and the service window.

    中文：各专项计划的申领额：剧本、技术、出海、委托、培训与服务窗口。
    """
    programmes = script_incubation + ai_support + overseas_support + plus_programme
    return (
        programmes + talent_training * training_cost + overseas_service_window * service_window_cost
    ) * support_delivered


@flow("wanyuan/month", "申领核定", "Claims approved")
def claims_approval(subsidy_claims: Term, award_claims: Term, rent_claims: Term, programme_claims: Term) -> Term:
    """All claims approved in a month.

    中文：当月核定的全部申领。
    """
    return subsidy_claims + award_claims + rent_claims + programme_claims


@flow("wanyuan/month", "扶持支付", "Support payments")
def claims_payment(claims_unpaid: Term, claim_lag: Term, budget_balance: Term, budget_release_time: Term) -> Term:
    """Claims paid: after the lag, and never more than the budget has.

    中文：实际支付：滞后发放，且不超过预算余额。

    Evidence: ZG03
    """
    return minimum(claims_unpaid / claim_lag, budget_balance / budget_release_time)


@stock("wanyuan", "已核未付", "Claims unpaid", initial="claims_unpaid_initial")
def claims_unpaid(claims_approval: Term, claims_payment: Term) -> Term:
    """Claims approved and not yet paid.

    中文：已核定、尚未支付的扶持。
    """
    return claims_approval - claims_payment


@flow("wanyuan/month", "预算拨入", "Budget appropriation")
def budget_appropriation(annual_budget: Term) -> Term:
    """The yearly support budget, released evenly.

    中文：年度扶持预算按月均匀拨入。

    Evidence: SHH-001
    """
    return annual_budget


@flow("wanyuan/month", "税收反哺", "Tax recycling")
def tax_recycling(
    city_taxes: Term, tax_recycling_share: Term, support_active: Term, annual_budget: Term, loop_r5_fiscal: Term
) -> Term:
    """Part of the taxes from the trade that is added to the support budget, at most doubling it.

    中文：行业税收中反哺扶持预算的部分，最多使预算翻倍。
    """
    return minimum(loop_r5_fiscal * tax_recycling_share * city_taxes * support_active, annual_budget)


@flow("wanyuan/month", "预算结余收回", "Budget lapse")
def budget_lapse(budget_balance: Term, budget_lapse_time: Term) -> Term:
    """Unspent budget goes back to the treasury.

    中文：未用完的预算被收回。
    """
    return budget_balance / budget_lapse_time


@stock("wanyuan", "预算余额", "Budget balance", initial="budget_balance_initial")
def budget_balance(budget_appropriation: Term, tax_recycling: Term, claims_payment: Term, budget_lapse: Term) -> Term:
    """Support budget that is available now.

    中文：当前可用的扶持预算。
    """
    return budget_appropriation + tax_recycling - claims_payment - budget_lapse


@flow("1/month", "可信度变动", "Change of credibility")
def credibility_change(
    claims_payment: Term, claims_unpaid: Term, claim_lag: Term, support_credibility: Term, credibility_time: Term
) -> Term:
    """Firms learn what share of due claims is paid on time.

    中文：企业逐渐了解到期扶持按时支付的比例。
    """
    return (ratio(claims_payment, claims_unpaid / claim_lag, 1) - support_credibility) / credibility_time


@stock("1", "扶持可信度", "Credibility of support", initial="support_credibility_initial")
def support_credibility(credibility_change: Term) -> Term:
    """Share of promised support that firms believe they will get.

    中文：企业相信能拿到的扶持比例。
    """
    return credibility_change


@flow("wanyuan/month", "基金宣布", "Fund announcement")
def fund_announcement(
    fund_size: Term, fund_announced: Term, support_active: Term, fund_announcement_time: Term
) -> Term:
    """New fund capital announced, up to the size the scenario asks for; none after support ends.

    中文：新宣布的基金规模；扶持退出后不再宣布。

    Evidence: ZG08
    """
    return maximum(0, fund_size - fund_announced) * support_active / fund_announcement_time


@stock("wanyuan", "基金累计宣布", "Fund announced", initial="fund_initial")
def fund_announced(fund_announcement: Term) -> Term:
    """Fund capital announced so far.

    中文：累计宣布的基金规模。
    """
    return fund_announcement


@flow("wanyuan/month", "基金到位", "Fund raising")
def fund_raising(fund_pending: Term, fund_realisation: Term, fund_raising_time: Term) -> Term:
    """Announced capital that is really paid in.

    中文：已宣布基金中真正到位的部分。

    Evidence: PRI-030, PRI-031
    """
    return fund_pending * fund_realisation / fund_raising_time


@flow("wanyuan/month", "基金落空", "Fund shortfall")
def fund_shortfall(fund_pending: Term, fund_realisation: Term, fund_raising_time: Term) -> Term:
    """Announced capital that never comes.

    中文：宣布而未到位的部分。
    """
    return fund_pending * (1 - fund_realisation) / fund_raising_time


@stock("wanyuan", "基金待到位", "Fund pending", initial="fund_initial")
def fund_pending(fund_announcement: Term, fund_raising: Term, fund_shortfall: Term) -> Term:
    """Fund capital announced and not yet raised.

    中文：已宣布、尚未到位的基金。
    """
    return fund_announcement - fund_raising - fund_shortfall


@flow("wanyuan/month", "社会资本跟投", "Private co-investment")
def private_coinvestment(fund_raising: Term, co_investment_ratio: Term) -> Term:
    """Private money that joins the fund.

    中文：跟投的社会资本。

    Evidence: PRI-028, PRI-029
    """
    return fund_raising * co_investment_ratio


@flow("wanyuan/month", "基金投资", "Fund investment")
def fund_investment(fund_cash: Term, fund_investment_time: Term) -> Term:
    """The fund invests in the city's firms.

    中文：基金投向本市企业。
    """
    return fund_cash / fund_investment_time


@flow("wanyuan/month", "基金再投", "Fund reinvestment")
def fund_reinvestment(
    fund_return: Term, fund_recycling_share: Term, support_active: Term, loop_r6_recycling: Term
) -> Term:
    """Returned capital that is invested again.

    中文：回收后再次用于投资的资金。
    """
    return fund_return * fund_recycling_share * support_active * loop_r6_recycling


@stock("wanyuan", "基金可投资金", "Fund cash", initial="fund_initial")
def fund_cash(fund_raising: Term, private_coinvestment: Term, fund_reinvestment: Term, fund_investment: Term) -> Term:
    """Fund capital raised and not yet invested.

    中文：已到位、尚未投出的基金。
    """
    return fund_raising + private_coinvestment + fund_reinvestment - fund_investment


@flow("wanyuan/month", "基金回收", "Fund returns")
def fund_return(fund_invested: Term, fund_recovery_share: Term, fund_holding_time: Term) -> Term:
    """Invested capital that comes back.

    中文：收回的投资。
    """
    return fund_invested * fund_recovery_share / fund_holding_time


@flow("wanyuan/month", "基金核销", "Fund write-offs")
def fund_write_off(fund_invested: Term, fund_recovery_share: Term, fund_holding_time: Term) -> Term:
    """Invested capital that is lost.

    中文：损失的投资。
    """
    return fund_invested * (1 - fund_recovery_share) / fund_holding_time


@stock("wanyuan", "基金在投", "Fund invested", initial="fund_initial")
def fund_invested(fund_investment: Term, fund_return: Term, fund_write_off: Term) -> Term:
    """Fund capital now held in firms.

    中文：正投在企业中的基金。
    """
    return fund_investment - fund_return - fund_write_off


@auxiliary("wanyuan/month", "基金净新增投资", "Net new investment")
def fund_net_investment(fund_investment: Term, displacement_share: Term) -> Term:
    """Fund investment less the private money that it displaces.

    中文：基金投资扣除被挤出的民间资金。

    Evidence: PRI-032
    """
    return fund_investment * (1 - displacement_share)


@flow("park/month", "园区开放", "Park openings")
def park_opening(
    municipal_parks: Term, parks_open: Term, park_delivery_share: Term, support_active: Term, park_opening_time: Term
) -> Term:
    """Parks open with delay, and fewer than planned.

    中文：园区逐步开放，且少于计划。

    Evidence: ZG09
    """
    promised = municipal_parks * park_delivery_share * support_active
    return maximum(0, promised - parks_open) / park_opening_time


@flow("park/month", "园区关停", "Park closures")
def park_closure(parks_open: Term, park_closure_rate: Term, support_active: Term) -> Term:
    """Parks that lose their support close or turn to other uses.

    中文：失去扶持的园区逐步关停或转型。
    """
    return parks_open * park_closure_rate * (1 - support_active)


@stock("park", "开放园区", "Parks open", initial="parks_open_initial")
def parks_open(park_opening: Term, park_closure: Term) -> Term:
    """Municipal micro-drama parks in operation.

    中文：运营中的市级微短剧产业园。
    """
    return park_opening - park_closure


@auxiliary("wanyuan/month", "扶持现金", "Support cash")
def support_cash(claims_payment: Term, fund_investment: Term) -> Term:
    """Cash that reaches firms: payments and fund investment. It is what support-seekers come for.

    中文：流向企业的现金：扶持支付与基金投资，也是逐补企业的目标。
    """
    return claims_payment + fund_investment


@flow("wanyuan/month", "支付累计", "Support added")
def support_added(claims_payment: Term) -> Term:
    """Feeds the count of support paid.

    中文：计入累计扶持支付。
    """
    return claims_payment


@stock("wanyuan", "累计扶持支付", "Support paid", initial="cumulative_money_initial")
def cumulative_support_paid(support_added: Term) -> Term:
    """Subsidies, awards and programme money that the treasury has paid since 2023.

    中文：2023年以来财政累计支付的补贴、奖励与专项资金。
    """
    return support_added


@flow("wanyuan/month", "基金财政出资", "Treasury's fund contribution")
def fund_contribution(fund_raising: Term, public_fund_share: Term) -> Term:
    """The treasury's part of the fund capital raised.

    中文：到位基金中的财政出资。
    """
    return fund_raising * public_fund_share


@stock("wanyuan", "累计基金财政出资", "Fund contributions", initial="cumulative_money_initial")
def cumulative_fund_contribution(fund_contribution: Term) -> Term:
    """What the treasury has paid into the fund since 2023; what comes back is not deducted.

    中文：2023年以来财政对基金的累计出资；未扣除回收。
    """
    return fund_contribution


@flow("wanyuan/month", "园区建设支出", "Park spending")
def park_spending(park_opening: Term, cost_per_park: Term) -> Term:
    """Public money for building and fitting out parks.

    中文：园区建设的财政支出。
    """
    return park_opening * cost_per_park


@stock("wanyuan", "累计园区建设支出", "Spending on parks", initial="cumulative_money_initial")
def cumulative_park_spending(park_spending: Term) -> Term:
    """What the treasury has paid for parks since 2023.

    中文：2023年以来财政对园区建设的累计支出。
    """
    return park_spending


@auxiliary("wanyuan", "累计财政支出", "Cumulative fiscal cost")
def cumulative_fiscal_cost(
    cumulative_support_paid: Term, cumulative_fund_contribution: Term, cumulative_park_spending: Term
) -> Term:
    """All that the treasury has paid since 2023; returns of the fund and taxes are not deducted.

    中文：2023年以来财政累计支出；未扣除基金回收与税收。
    """
    return cumulative_support_paid + cumulative_fund_contribution + cumulative_park_spending
