"""What the city gives: subsidies and programmes, the claims they raise, and the budget that bounds them."""

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


@auxiliary("1", "预期净补贴率", "Net subsidy rate")
def net_subsidy_rate(expected_grant: Term, live_price: Term, support_effectiveness: Term) -> Term:
    """Subsidy that the average commissioner can expect, as a share of the price of a title.

    中文：一般委托方可预期的补贴占价格的比例。
    """
    return expected_grant / live_price * support_effectiveness


@auxiliary("wanyuan/month", "制作补贴申领", "Production-subsidy claims")
def subsidy_claims(title_completions: Term, expected_grant: Term, support_delivered: Term) -> Term:
    """Claims for production subsidies: what qualifies is granted its class's grant, whether or not it needed it.

    中文：制作补贴申领额：合格作品按各成本档的补贴计，不论没有补贴是否也会拍。

    Evidence: PRI-027
    """
    return title_completions * expected_grant * support_delivered


@flow("title/month", "精品送评", "Quality works submitted")
def works_submitted(quality_work_completions: Term) -> Term:
    """Quality works made go before the jury.

    中文：完成的精品送交评审。
    """
    return quality_work_completions


@flow("title/month", "精品评定", "Award decisions")
def award_decisions(works_under_review: Term, award_review_time: Term) -> Term:
    """Quality works on which the jury has decided.

    中文：完成评审的精品。
    """
    return works_under_review / award_review_time


@stock("title", "在评精品", "Quality works under review", initial="cumulative_titles_initial")
def works_under_review(works_submitted: Term, award_decisions: Term) -> Term:
    """Quality works made and not yet judged: an award is claimed months after the work is done.

    中文：已完成、尚未评定的精品；奖励在作品完成数月之后才申领。
    """
    return works_submitted - award_decisions


@auxiliary("wanyuan/month", "精品奖励申领", "Quality-award claims")
def award_claims(award_decisions: Term, quality_award: Term, support_delivered: Term) -> Term:
    """Claims for quality awards.

    中文：精品奖励申领额。
    """
    return award_decisions * quality_award * support_delivered


@auxiliary("wanyuan/month", "场地补贴申领", "Rent-relief claims")
def rent_claims(
    title_completions: Term, live_price: Term, set_cost_share: Term, rent_relief_rate: Term, support_delivered: Term
) -> Term:
    """Claims for rent relief: a share of what crews pay for sets.

    中文：场地补贴申领额：剧组场地租金的一个比例。

    Evidence: ZB11, ZG03
    """
    return title_completions * live_price * set_cost_share * rent_relief_rate * support_delivered


@auxiliary("wanyuan/month", "剧本孵化投入", "Script-incubation spending")
def script_spending(script_incubation: Term, support_delivered: Term, paid_per_claim: Term) -> Term:
    """Script-incubation money that is paid and reaches those it is meant for.

    中文：真正支付并用到位的剧本孵化资金。
    """
    return script_incubation * support_delivered * paid_per_claim


@auxiliary("wanyuan/month", "技术扶持投入", "AI-support spending")
def ai_support_spending(ai_support: Term, support_delivered: Term, paid_per_claim: Term) -> Term:
    """AI-support money that is paid and reaches those it is meant for.

    中文：真正支付并用到位的技术扶持资金。
    """
    return ai_support * support_delivered * paid_per_claim


@auxiliary("wanyuan/month", "出海扶持投入", "Overseas-support spending")
def overseas_support_spending(overseas_support: Term, support_delivered: Term, paid_per_claim: Term) -> Term:
    """Overseas-support money that is paid and reaches those it is meant for.

    中文：真正支付并用到位的出海扶持资金。
    """
    return overseas_support * support_delivered * paid_per_claim


@auxiliary("wanyuan/month", "“微短剧+”投入", "Plus-programme spending")
def plus_spending(plus_programme: Term, support_delivered: Term, paid_per_claim: Term) -> Term:
    """Plus-programme money that is paid and reaches those it is meant for.

    中文：真正支付并用到位的“微短剧+”资金。
    """
    return plus_programme * support_delivered * paid_per_claim


@auxiliary("person/month", "财政培训人数", "People trained with public money")
def people_trained(talent_training: Term, support_delivered: Term, paid_per_claim: Term) -> Term:
    """People trained, as far as the training is paid for.

    中文：培训资金到位后真正受训的人数。
    """
    return talent_training * support_delivered * paid_per_claim


@auxiliary("1", "每元申领到位", "Paid for a yuan claimed")
def paid_per_claim(claims_payment: Term, claims_approval: Term, seeker_claim_share: Term) -> Term:
    """Of a yuan claimed now, what is paid out now to those it is meant for: payment comes late and within the budget.

    中文：当期每申领1元，当期真正付给应得者的部分：支付滞后且受预算约束。
    """
    return minimum(1, ratio(claims_payment, claims_approval, 0)) * (1 - seeker_claim_share)


@auxiliary("wanyuan/month", "专项计划申领", "Programme claims")
def programme_claims(
    script_incubation: Term,
    ai_support: Term,
    overseas_support: Term,
    plus_programme: Term,
    talent_training: Term,
    training_cost: Term,
    support_delivered: Term,
) -> Term:
    """What the budgeted programmes claim: scripts, AI, overseas, commissions and training.

    中文：各专项计划的申领额：剧本、技术、出海、委托与培训。
    """
    programmes = script_incubation + ai_support + overseas_support + plus_programme
    return (programmes + talent_training * training_cost) * support_delivered


@auxiliary("wanyuan/month", "政务服务申领", "Cost of services")
def service_claims(
    overseas_service_window: Term,
    service_window_cost: Term,
    title_completions: Term,
    approval_days: Term,
    reference_approval_days: Term,
    approval_cost: Term,
    support_delivered: Term,
) -> Term:
    """What services cost: the exporters' window, and staff for faster approval.

    中文：服务的花费：出海服务窗口、加快审批所需的人手。
    """
    window = overseas_service_window * service_window_cost
    faster = maximum(0, reference_approval_days / approval_days - 1)
    return (window + title_completions * approval_cost * faster) * support_delivered


@flow("day/month", "审批时间变动", "Change of the approval time")
def approval_time_change(
    approval_days: Term,
    reference_approval_days: Term,
    support_delivered: Term,
    paid_per_claim: Term,
    approval_time: Term,
    approval_change_time: Term,
) -> Term:
    """Approval gets as fast as staff for it is promised and paid, and slow again without; slower costs nothing.

    中文：加快审批要靠人手：承诺多少、付得起多少，才能快多少；经费一断，又会慢下来。放慢则不花钱。
    """
    faster = maximum(0, reference_approval_days - approval_days) * support_delivered * paid_per_claim
    slower = maximum(0, approval_days - reference_approval_days)
    return (reference_approval_days + slower - faster - approval_time) / approval_change_time


@stock("day", "实际审批时间", "Approval time in practice", initial="reference_approval_days")
def approval_time(approval_time_change: Term) -> Term:
    """Days from application until shooting may begin, as crews find them.

    中文：剧组实际等待的审批天数。
    """
    return approval_time_change


@flow("wanyuan/month", "现金类申领", "Claims for cash")
def cash_claims(
    award_claims: Term, subsidy_claims: Term, rent_claims: Term, relief_incidence: Term, support_cash_share: Term
) -> Term:
    """What would be firms' own money: awards, and what makers keep of grants and of the relief that reaches them.

    中文：会成为企业自有资金的申领：奖励，以及补贴与落到剧组的减免中未让利的部分。
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

    Evidence: ZG03
    """
    return minimum(claims_unpaid / claim_lag, budget_balance / budget_release_time)


@flow("wanyuan/month", "申领作废", "Claims lapsed")
def claims_lapse(claims_unpaid: Term, claims_payment: Term, claim_lag: Term, claim_patience: Term) -> Term:
    """Overdue claims that are given up or refused because the budget is used up.

    中文：因预算用尽而逾期、最终放弃或被拒的申领。
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
    """
    recycled = loop_r5_fiscal * tax_recycling_share * city_taxes * support_active
    return minimum(recycled, tax_recycling_limit * annual_budget)


@flow("wanyuan/month", "预算结余收回", "Budget lapse")
def budget_lapse(budget_balance: Term, budget_lapse_time: Term) -> Term:
    """Unspent budget goes back to the treasury.

    中文：未用完的预算被收回。
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
    """
    return (ratio(claims_payment, claims_unpaid / claim_lag, 1) - support_credibility) / credibility_time


@stock("1", "扶持可信度", "Credibility of support", initial="support_credibility_initial")
def support_credibility(credibility_change: Term) -> Term:
    """Share of promised support that firms believe they will get.

    中文：企业相信能拿到的扶持比例。
    """
    return credibility_change
