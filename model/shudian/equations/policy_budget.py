"""What is claimed of support, what of it is paid and when, the budget, and what firms believe of it."""

from shudian.equations.language import Term, auxiliary, flow, maximum, minimum, ratio, stock


@flow("wanyuan/month", "现金类申领", "Claims for cash")
def cash_claims(
    award_claims: Term, subsidy_claims: Term, rent_claims: Term, relief_incidence: Term, support_cash_share: Term
) -> Term:
    """What would be firms' own money: awards, and what makers keep of grants and of the relief that reaches them.

    中文：会成为企业自有资金的申领：奖励，以及补贴与落到剧组的减免中未让利的部分。

    Why: Awards whole, of grants and relief what makers keep after lower prices; the rest is the buyer's gain.

    为何：奖励全计，补贴与减免只计让利之后自留的部分；其余归委托方。
    """
    return award_claims + support_cash_share * (subsidy_claims + relief_incidence * rent_claims)


@flow("wanyuan/month", "现金类申领结清", "Cash claims settled")
def cash_claims_settled(cash_claim_share: Term, claims_payment: Term, claims_lapse: Term) -> Term:
    """What leaves the queue of unpaid claims takes its share of those for cash along.

    中文：未付申领支付或作废时，其中的现金类按占比一并结清。
    """
    return cash_claim_share * (claims_payment + claims_lapse)


@stock("wanyuan", "未付现金类申领", "Cash claims unpaid", initial="claims_unpaid_initial")
def cash_claims_unpaid(cash_claims: Term, cash_claims_settled: Term) -> Term:
    """Of the claims unpaid, what would be firms' own money.

    中文：已核未付的申领中会成为企业自有资金的部分。
    """
    return cash_claims - cash_claims_settled


@auxiliary("1", "现金类占比", "Share of claims for cash")
def cash_claim_share(cash_claims_unpaid: Term, claims_unpaid: Term) -> Term:
    """Part of the claims being paid that becomes firms' own money: what is paid now was claimed before.

    中文：正在支付的申领中成为企业自有资金的份额：现在支付的是以前的申领。
    """
    return ratio(cash_claims_unpaid, claims_unpaid, 0)


@flow("wanyuan/month", "申领核定", "Claims approved")
def claims_approval(
    subsidy_claims: Term, award_claims: Term, rent_claims: Term, programme_claims: Term, service_claims: Term
) -> Term:
    """All claims approved in a month.

    中文：当月核定的全部申领。
    """
    return subsidy_claims + award_claims + rent_claims + programme_claims + service_claims


@flow("wanyuan/month", "扶持支付", "Support payments")
def claims_payment(claims_unpaid: Term, claim_lag: Term, budget_balance: Term, budget_release_time: Term) -> Term:
    """Claims paid: after the lag, and never more than the budget has.

    中文：实际支付：滞后发放，且不超过预算余额。

    Why: The lesser of what is due after the lag and what the budget holds: a cap that binds and a queue that
    remembers.

    为何：到期应付与预算余额取小：预算封顶，欠付留在队列里。

    Evidence: ZG03
    """
    return minimum(claims_unpaid / claim_lag, budget_balance / budget_release_time)


@flow("wanyuan/month", "申领作废", "Claims lapsed")
def claims_lapse(claims_unpaid: Term, claims_payment: Term, claim_lag: Term, claim_patience: Term) -> Term:
    """Overdue claims that are given up or refused because the budget is used up.

    中文：因预算用尽而逾期、最终放弃或被拒的申领。

    Why: Overdue claims are given up over time; otherwise an empty budget would owe for ever.

    为何：逾期的逐渐作废；否则预算用尽之后会永远欠着。
    """
    return maximum(0, claims_unpaid - claims_payment * claim_lag) / claim_patience


@stock("wanyuan", "已核未付", "Claims unpaid", initial="claims_unpaid_initial")
def claims_unpaid(claims_approval: Term, claims_payment: Term, claims_lapse: Term) -> Term:
    """Claims approved and not yet paid: what the treasury owes.

    中文：已核定、尚未支付的扶持，即财政欠付。
    """
    return claims_approval - claims_payment - claims_lapse


@flow("wanyuan/month", "预算拨入", "Budget appropriation")
def budget_appropriation(annual_budget: Term) -> Term:
    """The yearly support budget, released evenly.

    中文：年度扶持预算按月均匀拨入。

    Why: Released evenly, because monthly shares of a support budget are not published.

    为何：按月均匀拨入，因为没有公布逐月进度。

    Evidence: SHH-001
    """
    return annual_budget


@flow("wanyuan/month", "税收反哺", "Tax recycling")
def tax_recycling(
    city_taxes: Term,
    tax_recycling_share: Term,
    tax_recycling_limit: Term,
    support_active: Term,
    annual_budget: Term,
    loop_r5_fiscal: Term,
) -> Term:
    """Part of the taxes from the trade that is added to the support budget, up to a limit relative to that budget.

    中文：行业税收中反哺扶持预算的部分，以预算的一定倍数为限。

    Why: A share of taxes, within a multiple of the budget: no treasury promises more however well a trade does.

    为何：税收的一个份额，以预算的倍数为限：行业再好，财政也不会无限承诺。
    """
    recycled = loop_r5_fiscal * tax_recycling_share * city_taxes * support_active
    return minimum(recycled, tax_recycling_limit * annual_budget)


@flow("wanyuan/month", "预算结余收回", "Budget lapse")
def budget_lapse(budget_balance: Term, budget_lapse_time: Term) -> Term:
    """Unspent budget goes back to the treasury.

    中文：未用完的预算被收回。

    Why: Unspent money drains over about a year; a lapse at the year's end would need dates of use that nobody prints.

    为何：结余约一年内收回；若年末一次清零，就要有没人公布的用款日期。
    """
    return budget_balance / budget_lapse_time


@flow("wanyuan/month", "预算支出", "Budget use")
def budget_use(claims_payment: Term) -> Term:
    """What the payments take from the budget: the same money, seen from the treasury.

    中文：支付所动用的预算：同一笔钱，从财政一侧看。
    """
    return claims_payment


@stock("wanyuan", "预算余额", "Budget balance", initial="budget_balance_initial")
def budget_balance(budget_appropriation: Term, tax_recycling: Term, budget_use: Term, budget_lapse: Term) -> Term:
    """Support budget that is available now.

    中文：当前可用的扶持预算。
    """
    return budget_appropriation + tax_recycling - budget_use - budget_lapse


@flow("1/month", "可信度变动", "Change of credibility")
def credibility_change(
    claims_payment: Term, claims_unpaid: Term, claim_lag: Term, support_credibility: Term, credibility_time: Term
) -> Term:
    """Firms learn what share of due claims is paid on time.

    中文：企业逐渐了解到期扶持按时支付的比例。

    Why: Belief follows the share paid on time, with memory; a promise once broken is then neither forgotten nor final.

    为何：信任随按时支付的比例变化，有记忆：失信一次，既不会立刻忘掉，也不会永远不信。
    """
    return (ratio(claims_payment, claims_unpaid / claim_lag, 1) - support_credibility) / credibility_time


@stock("1", "扶持可信度", "Credibility of support", initial="support_credibility_initial")
def support_credibility(credibility_change: Term) -> Term:
    """Share of promised support that firms believe they will get.

    中文：企业相信能拿到的扶持比例。
    """
    return credibility_change
