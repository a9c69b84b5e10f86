"""The fund and the parks: capital announced, raised, invested and returned; and what all support costs the treasury."""

from shudian.equations.language import Term, auxiliary, flow, maximum, stock


@flow("wanyuan/month", "基金宣布", "Fund announcement")
def fund_announcement(
    fund_size: Term, fund_announced: Term, support_active: Term, fund_announcement_time: Term
) -> Term:
    """New fund capital announced, up to the size the scenario asks for; none after support ends.

    中文：新宣布的基金规模；扶持退出后不再宣布。

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
