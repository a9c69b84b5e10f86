"""What the city gives: subsidies and programmes, what each claims, and how much of it arrives."""

from shudian.equations.language import Term, auxiliary, flow, maximum, minimum, ratio, stock, where


@auxiliary("1", "扶持是否在期", "Support in force")
def support_active(time: Term, support_end: Term) -> Term:
    """1 until support ends, then 0.

    中文：扶持在期为 1，退出后为 0。

    Why: A switch in time, since programmes end by date; phasing out can be scheduled with the levers.

    为何：按日期的开关，因为扶持到期即止；逐步退出可在杠杆的时间表里写。
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

    Why: A product of delivered, believed and not taken: each is a leak of the same yuan.

    为何：兑现、可信、未被占用三者相乘：都是同一元钱的漏损。
    """
    believed = loop_b5_budget * support_credibility + (1 - loop_b5_budget)
    return support_active * delivery_share * believed * (1 - seeker_claim_share)


@auxiliary("1", "扶持兑现程度", "Delivered share of support")
def support_delivered(support_active: Term, delivery_share: Term) -> Term:
    """Share of an announced programme that is carried out and claimed.

    中文：已宣布的扶持真正落地、形成申领的份额。

    Why: One share for all announced programmes, because audits report on programmes as a whole.

    为何：所有扶持用同一兑现率，因为审计只报告总体。

    Evidence: PRI-030, PRI-031
    """
    return support_active * delivery_share


@auxiliary("1", "预期净补贴率", "Net subsidy rate")
def net_subsidy_rate(expected_grant: Term, live_price: Term, support_effectiveness: Term) -> Term:
    """Subsidy that the average commissioner can expect, as a share of the price of a title.

    中文：一般委托方可预期的补贴占价格的比例。

    Why: The expected grant as a share of price, times what can be counted on: commissioners discount promises.

    为何：预期补贴占价格的比例，再乘指望得上的程度：委托方会给承诺打折。
    """
    return expected_grant / live_price * support_effectiveness


@auxiliary("wanyuan/month", "制作补贴申领", "Production-subsidy claims")
def subsidy_claims(title_completions: Term, expected_grant: Term, support_delivered: Term) -> Term:
    """Claims for production subsidies: what qualifies is granted its class's grant, whether or not it needed it.

    中文：制作补贴申领额：合格作品按各成本档的补贴计，不论没有补贴是否也会拍。

    Why: All that qualifies claims, needed or not: a rule cannot tell who would have come anyway.

    为何：凡合格的都申领，不论是否需要：规则分不清谁本来就会来。

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

    Why: Juries take months: first-order; an award at delivery would pay before it decides.

    为何：评审要数月：一阶时滞；交付即奖等于先付后评。
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

    Why: Each judged work gets the award in force at the decision, as far as it is delivered.

    为何：评定的作品按评定时的标准、按兑现程度得奖。
    """
    return award_decisions * quality_award * support_delivered


@auxiliary("wanyuan/month", "场地补贴申领", "Rent-relief claims")
def rent_claims(
    title_completions: Term, live_price: Term, set_cost_share: Term, rent_relief_rate: Term, support_delivered: Term
) -> Term:
    """Claims for rent relief: a share of what crews pay for sets.

    中文：场地补贴申领额：剧组场地租金的一个比例。

    Why: The relief rate on the set part of what titles cost; unspent relief cannot be claimed.

    为何：按作品成本中场地部分乘补贴率；没花的租金不能申领。

    Evidence: ZB11, ZG03
    """
    return title_completions * live_price * set_cost_share * rent_relief_rate * support_delivered


@auxiliary("wanyuan/month", "剧本孵化投入", "Script-incubation spending")
def script_spending(script_incubation: Term, support_delivered: Term, paid_per_claim: Term) -> Term:
    """Script-incubation money that is paid and reaches those it is meant for.

    中文：真正支付并用到位的剧本孵化资金。

    Why: What is claimed, times what is paid: money that waits in the queue writes no scripts.

    为何：申领额乘到位率：还在排队的钱写不出剧本。
    """
    return script_incubation * support_delivered * paid_per_claim


@auxiliary("wanyuan/month", "技术扶持投入", "AI-support spending")
def ai_support_spending(ai_support: Term, support_delivered: Term, paid_per_claim: Term) -> Term:
    """AI-support money that is paid and reaches those it is meant for.

    中文：真正支付并用到位的技术扶持资金。

    Why: As for scripts: only paid money buys tools.

    为何：同剧本：付了的钱才买得到工具。
    """
    return ai_support * support_delivered * paid_per_claim


@auxiliary("wanyuan/month", "出海扶持投入", "Overseas-support spending")
def overseas_support_spending(overseas_support: Term, support_delivered: Term, paid_per_claim: Term) -> Term:
    """Overseas-support money that is paid and reaches those it is meant for.

    中文：真正支付并用到位的出海扶持资金。

    Why: As for scripts: only paid money opens markets.

    为何：同剧本：付了的钱才打得开市场。
    """
    return overseas_support * support_delivered * paid_per_claim


@auxiliary("wanyuan/month", "“微短剧+”投入", "Plus-programme spending")
def plus_spending(plus_programme: Term, support_delivered: Term, paid_per_claim: Term) -> Term:
    """Plus-programme money that is paid and reaches those it is meant for.

    中文：真正支付并用到位的“微短剧+”资金。

    Why: As for scripts: only paid money commissions.

    为何：同剧本：付了的钱才下得了委托。
    """
    return plus_programme * support_delivered * paid_per_claim


@auxiliary("person/month", "财政培训人数", "People trained with public money")
def people_trained(talent_training: Term, support_delivered: Term, paid_per_claim: Term) -> Term:
    """People trained, as far as the training is paid for.

    中文：培训资金到位后真正受训的人数。

    Why: As for scripts: courses that are not paid for are not held.

    为何：同剧本：没付钱的班不会开。
    """
    return talent_training * support_delivered * paid_per_claim


@auxiliary("1", "每元申领到位", "Paid for a yuan claimed")
def paid_per_claim(claims_payment: Term, claims_approval: Term, seeker_claim_share: Term) -> Term:
    """Of a yuan claimed now, what is paid out now to those it is meant for: payment comes late and within the budget.

    中文：当期每申领1元，当期真正付给应得者的部分：支付滞后且受预算约束。

    Why: Payment now over claims now, never above one: programmes share one late queue. A queue of their own each would
    need an order of payment that no rule prints.

    为何：当期支付与当期申领之比，不超过一：各项共用一个队列。若各排各的队，就要有支付次序，而文件没有写。
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

    Why: Budgets are claimed as announced and training at its unit cost; take-up below the announcement is in the
    delivered share.

    为何：专项按宣布额申领，培训按人均成本；申领不足体现在兑现率里。
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

    Why: Faster approval costs staff in proportion to how much faster it is for each title; slower costs nothing. Free
    speed would make it every package's first choice.

    为何：加快审批按加快的倍数与作品数计人手成本，放慢不花钱；若不要钱，每个方案都会先选它。
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

    Why: As fast as is promised, delivered and paid, towards it with delay, and back without money: speed is staff, not
    a decree.

    为何：承诺、兑现并付得起多少，才快多少，滞后趋近，断钱则回落：快慢靠人手，不靠一纸通知。
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
