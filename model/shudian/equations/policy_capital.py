"""The fund and the parks: capital announced, raised, invested and returned; parks opened and closed."""

from shudian.equations.language import Term, auxiliary, flow, maximum, stock


@flow("wanyuan/month", "基金宣布", "Fund announcement")
def fund_announcement(
    fund_size: Term, fund_announced: Term, support_active: Term, fund_announcement_time: Term
) -> Term:
    """New fund capital announced, up to the size the scenario asks for; none after support ends.

    中文：新宣布的基金规模；扶持退出后不再宣布。

    Why: Up to the size asked for and never back: what is announced is not unsaid.

    为何：补到所要求的规模，从不收回：宣布过的不会收回去。

    Evidence: ZG08
    """
    return maximum(0, fund_size - fund_announced) * support_active / fund_announcement_time


@flow("wanyuan/month", "宣布累计", "Announcements added")
def announcements_added(fund_announcement: Term) -> Term:
    """Feeds the count of what was announced.

    中文：计入累计宣布的规模。
    """
    return fund_announcement


@stock("wanyuan", "基金累计宣布", "Fund announced", initial="fund_initial")
def fund_announced(announcements_added: Term) -> Term:
    """Fund capital announced so far.

    中文：累计宣布的基金规模。
    """
    return announcements_added


@flow("wanyuan/month", "基金到位", "Fund raising")
def fund_raising(fund_pending: Term, fund_realisation: Term, support_active: Term, fund_raising_time: Term) -> Term:
    """Announced capital that is really paid in; none after support ends.

    中文：已宣布基金中真正到位的部分；扶持退出后不再到位。

    Why: A realised share over a time; both from studies of guidance funds, which raise 43 % of what they announce.

    为何：按到位率与时间到位，均出自引导基金的研究：到位约为宣布的43%。

    Evidence: PRI-030, PRI-031
    """
    return fund_pending * fund_realisation * support_active / fund_raising_time


@flow("wanyuan/month", "基金落空", "Fund shortfall")
def fund_shortfall(fund_pending: Term, fund_realisation: Term, support_active: Term, fund_raising_time: Term) -> Term:
    """Announced capital that never comes.

    中文：宣布而未到位的部分。

    Why: What is not realised leaves the pending fund in the same time, so that nothing waits for ever.

    为何：落空部分在同一时间离开，不会永远挂账。
    """
    return fund_pending * (1 - fund_realisation * support_active) / fund_raising_time


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

    Why: In proportion to public money, as the studies measure it; whether it is additional is the displacement share's
    question.

    为何：与财政出资成比例，研究即如此计量；是否新增由挤出比例回答。

    Evidence: PRI-028, PRI-029
    """
    return fund_raising * co_investment_ratio


@flow("wanyuan/month", "基金股权投资", "Fund investment")
def fund_investment(fund_cash: Term, fund_title_share: Term, support_active: Term, fund_investment_time: Term) -> Term:
    """The fund invests in the city's firms; the rest of it finances titles. Nothing is invested after support ends.

    中文：基金入股本市企业；其余用于项目垫资。扶持退出后不再投资。

    Why: First-order from cash: deals take time. Waiting for the trade's own need was left out, since funds report
    investing by plan.

    为何：现金按一阶时滞投出：谈项目要时间。没有写成看行业需要，因为基金按计划投资。
    """
    return fund_cash * (1 - fund_title_share) * support_active / fund_investment_time


@flow("wanyuan/month", "基金未投退回", "Uninvested fund money returned")
def fund_cash_return(fund_cash: Term, support_active: Term, fund_investment_time: Term) -> Term:
    """When support ends what the fund has not invested goes back to who paid it in.

    中文：扶持退出后，尚未投出的资金退还出资人。

    Why: What is left goes back at the pace of investing once support ends.

    为何：扶持结束后，余款按投资的快慢退还。
    """
    return fund_cash * (1 - support_active) / fund_investment_time


@flow("wanyuan/month", "基金再投", "Fund reinvestment")
def fund_reinvestment(
    fund_return: Term, fund_recycling_share: Term, support_active: Term, loop_r6_recycling: Term
) -> Term:
    """Returned capital that is invested again.

    中文：回收后再次用于投资的资金。

    Why: A share of returns, with a switch that cuts the loop R6.

    为何：回收的一个份额，开关可切断回路R6。
    """
    return fund_return * fund_recycling_share * support_active * loop_r6_recycling


@stock("wanyuan", "基金可投资金", "Fund cash", initial="fund_initial")
def fund_cash(
    fund_raising: Term,
    private_coinvestment: Term,
    fund_reinvestment: Term,
    fund_investment: Term,
    fund_title_investment: Term,
    fund_cash_return: Term,
) -> Term:
    """Fund capital raised and not yet invested.

    中文：已到位、尚未投出的基金。
    """
    paid_in = fund_raising + private_coinvestment + fund_reinvestment
    return paid_in - fund_investment - fund_title_investment - fund_cash_return


@flow("wanyuan/month", "基金回收", "Fund returns")
def fund_return(fund_invested: Term, fund_recovery_share: Term, fund_holding_time: Term) -> Term:
    """Invested capital that comes back.

    中文：收回的投资。

    Why: A recovery share over the holding time; profit is left out, as published funds report little.

    为何：按回收率与持有时间；不计盈利，因为公布的基金很少有。
    """
    return fund_invested * fund_recovery_share / fund_holding_time


@flow("wanyuan/month", "基金核销", "Fund write-offs")
def fund_write_off(fund_invested: Term, fund_recovery_share: Term, fund_holding_time: Term) -> Term:
    """Invested capital that is lost.

    中文：损失的投资。

    Why: The complement of what is recovered.

    为何：与回收互补。
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

    Why: What it displaces is deducted at once; a slower displacement could not be told from less of it.

    为何：挤出立即扣除；慢一些的挤出与少一些的挤出分不开。

    Evidence: PRI-032
    """
    return fund_investment * (1 - displacement_share)


@flow("park/month", "园区开放", "Park openings")
def park_opening(
    municipal_parks: Term, parks_open: Term, park_delivery_share: Term, support_active: Term, park_opening_time: Term
) -> Term:
    """Parks open with delay, and fewer than planned.

    中文：园区逐步开放，且少于计划。

    Why: Towards the delivered number, never back by this flow: built parks close by their own rule.

    为何：趋向兑现数，本流量不倒退：建成的园区另有关停规则。

    Evidence: ZG09
    """
    promised = municipal_parks * park_delivery_share * support_active
    return maximum(0, promised - parks_open) / park_opening_time


@flow("park/month", "园区关停", "Park closures")
def park_closure(parks_open: Term, park_closure_rate: Term, support_active: Term) -> Term:
    """Parks that lose their support close or turn to other uses.

    中文：失去扶持的园区逐步关停或转型。

    Why: Only without support, at a hazard: parks outlive a bad year as long as they are paid for.

    为何：只在失去扶持后按概率关停：付着钱的园区，差年景也开着。
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

    Why: Seekers see payments and fund money alike: both arrive as cash.

    为何：在逐补者眼里，支付与基金都是现金。
    """
    return claims_payment + fund_investment
