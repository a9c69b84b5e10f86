"""The fund's money in titles, and the money with which 2023 begins."""

from shudian.equations.language import TINY, Term, auxiliary, flow, maximum, stock, where


@flow("wanyuan/month", "基金转为项目资金", "Fund money for titles")
def fund_title_investment(
    fund_cash: Term, fund_title_share: Term, support_active: Term, fund_investment_time: Term
) -> Term:
    """The part of the fund that finances titles instead of buying shares in firms.

    中文：基金中用于项目垫资、而非入股企业的部分。

    Why: A fixed part of the fund finances titles, may be nil (contested), and stops with support; no plan says how
    funds divide, so it is not optimised.

    为何：基金固定的一部分用于项目，可能为零（有争议），随扶持停止；没有文件说明如何划分，所以不作优化。
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

    Why: Settled like own money, less losses: the fund waits for the same platforms.

    为何：与自有资金一样结算，再扣损失：等的是同样的平台。
    """
    return fund_in_titles * (1 - fund_title_loss) / maximum(settlement_time, shortest_settlement)


@flow("wanyuan/month", "基金项目损失", "Fund's loss on titles")
def fund_title_write_off(
    fund_in_titles: Term, settlement_time: Term, shortest_settlement: Term, fund_title_loss: Term
) -> Term:
    """Fund money in titles that is never repaid.

    中文：基金垫付中收不回的部分。

    Why: The complement of repayment, so that a yuan is either repaid or lost.

    为何：与回款互补：一元钱不是收回就是损失。
    """
    return fund_in_titles * fund_title_loss / maximum(settlement_time, shortest_settlement)


@flow("wanyuan/month", "基金项目退出", "Fund leaves titles")
def fund_title_return(fund_title_money: Term, support_active: Term, fund_investment_time: Term) -> Term:
    """When support ends the fund's money leaves the titles, as it comes free.

    中文：扶持退出后，基金的项目资金陆续收回。

    Why: Money leaves as it comes free once support has ended; calling it back at once would stop titles half made.

    为何：扶持结束后随收随撤；立刻抽回会使拍到一半的作品停工。
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
