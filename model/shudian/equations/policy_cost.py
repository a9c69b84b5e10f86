"""What support costs and who pays: payments, fund capital, parks and locations; gross, net and by payer."""

from shudian.equations.language import Term, auxiliary, flow, maximum, stock


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

    Why: The treasury's share of what is raised; state firms and others pay the rest.

    为何：到位资金中的财政份额；其余由国企等出。
    """
    return fund_raising * public_fund_share


@stock("wanyuan", "累计基金财政出资", "Fund contributions", initial="cumulative_money_initial")
def cumulative_fund_contribution(fund_contribution: Term) -> Term:
    """What the treasury has paid into the fund since 2023; what comes back is not deducted.

    中文：2023年以来财政对基金的累计出资；未扣除回收。
    """
    return fund_contribution


@flow("wanyuan/month", "园区支出", "Park spending")
def park_spending(park_opening: Term, cost_per_park: Term, parks_open: Term, park_running_cost: Term) -> Term:
    """Public money for building and fitting out parks, and for running those that are open.

    A park is paid for while its doors are open, also after support has ended.

    中文：园区建设与运营的财政支出；园区开放一天就要支付一天，扶持退出后也是如此。

    Why: Building once and running while open, also after support: doors that are open cost money.

    为何：建设一次、运营逐年，扶持退出后也付：开着门就要花钱。

    Evidence: SZN-005
    """
    return park_opening * cost_per_park + parks_open * park_running_cost


@flow("wanyuan/month", "取景地支出", "Location spending")
def location_spending(
    location_opening: Term,
    location_opening_cost: Term,
    open_filming_locations: Term,
    initial_open_locations: Term,
    location_cost: Term,
) -> Term:
    """Public money for opening locations, and for the care of those beyond the first ones, while they are open.

    中文：新开放取景地的一次性支出，以及新增取景地在开放期间的管理与补偿。

    Why: Opening once and care while open, beyond the first ones, which the city had anyway.

    为何：开放一次、管理逐年，只计新增；原有的本来就有。
    """
    opening = maximum(0, location_opening) * location_opening_cost
    return opening + maximum(0, open_filming_locations - initial_open_locations) * location_cost


@stock("wanyuan", "累计园区与取景地支出", "Spending on parks and locations", initial="cumulative_money_initial")
def cumulative_park_spending(park_spending: Term, location_spending: Term) -> Term:
    """What the treasury has paid for parks and open locations since 2023, building and running.

    中文：2023年以来财政对园区与取景地的累计支出，含建设与运营。
    """
    return park_spending + location_spending


@auxiliary("wanyuan", "累计财政支出", "Cumulative fiscal cost")
def cumulative_fiscal_cost(
    cumulative_support_paid: Term, cumulative_fund_contribution: Term, cumulative_park_spending: Term
) -> Term:
    """All that the treasury has paid since 2023; returns of the fund and taxes are not deducted.

    中文：2023年以来财政累计支出；未扣除基金回收与税收。
    """
    return cumulative_support_paid + cumulative_fund_contribution + cumulative_park_spending


@flow("wanyuan/month", "基金回流财政", "Fund returns to the treasury")
def treasury_fund_return(
    fund_return: Term,
    fund_reinvestment: Term,
    fund_title_return: Term,
    fund_cash_return: Term,
    public_fund_share: Term,
    co_investment_ratio: Term,
) -> Term:
    """The treasury's part of what comes back from firms and titles, or was never invested, and is not invested again.

    Who put money in is paid in proportion: treasury, state firms, and private investors beside them.

    中文：基金从企业与项目收回、或从未投出，且不再投的资金中归财政的部分；财政、国企与跟投的社会资本按出资比例分配。

    Why: Paid back in proportion to what each put in, since no priority is published.

    为何：按出资比例分配，因为没有公布优先次序。
    """
    back = fund_return - fund_reinvestment + fund_title_return + fund_cash_return
    return back * public_fund_share / (1 + co_investment_ratio)


@stock("wanyuan", "累计基金回流", "Fund returns received", initial="cumulative_money_initial")
def cumulative_fund_return(treasury_fund_return: Term) -> Term:
    """What the treasury has had back from the fund since 2023.

    中文：2023年以来财政从基金累计收回的资金。
    """
    return treasury_fund_return


@auxiliary("wanyuan", "累计财政净支出", "Cumulative net fiscal cost")
def cumulative_net_fiscal_cost(
    cumulative_fiscal_cost: Term, cumulative_fund_return: Term, cumulative_taxes: Term
) -> Term:
    """What support has cost since 2023 less what the fund gave back and all taxes of the trade; negative is a gain.

    Taxes that would have come without support are in it: only the difference between two packages tells what one costs.

    中文：2023年以来财政累计支出，扣除基金回流与行业全部税收；为负即净收益。其中含没有扶持也会有的税收，只有两个方案之差才说明一个方案的净成本。
    """
    return cumulative_fiscal_cost - cumulative_fund_return - cumulative_taxes


@auxiliary("wanyuan", "省级承担支出", "Fiscal cost of the province")
def province_fiscal_cost(
    cumulative_support_paid: Term,
    province_support_share: Term,
    cumulative_fund_contribution: Term,
    province_fund_share: Term,
    cumulative_park_spending: Term,
    province_park_share: Term,
) -> Term:
    """The part of the gross fiscal cost that the province pays.

    中文：累计财政支出中由省级承担的部分。

    Why: Fixed shares by kind of spending, as the documents state who pays.

    为何：按支出种类取固定份额，依文件规定由谁出。
    """
    support = cumulative_support_paid * province_support_share
    return support + cumulative_fund_contribution * province_fund_share + cumulative_park_spending * province_park_share


@auxiliary("wanyuan", "区县承担支出", "Fiscal cost of the districts")
def district_fiscal_cost(
    cumulative_support_paid: Term,
    province_support_share: Term,
    district_support_share: Term,
    cumulative_fund_contribution: Term,
    province_fund_share: Term,
    district_fund_share: Term,
    cumulative_park_spending: Term,
    province_park_share: Term,
    district_park_share: Term,
) -> Term:
    """The part of the gross fiscal cost that the districts pay: their share of what the province leaves.

    中文：累计财政支出中由区县承担的部分：省级承担之外，市与区县分担。

    Why: The districts share what the province leaves.

    为何：省级之外由区县分担一部分。
    """
    support = cumulative_support_paid * (1 - province_support_share) * district_support_share
    fund = cumulative_fund_contribution * (1 - province_fund_share) * district_fund_share
    return support + fund + cumulative_park_spending * (1 - province_park_share) * district_park_share


@auxiliary("wanyuan", "市级承担支出", "Fiscal cost of the city")
def city_fiscal_cost(
    cumulative_support_paid: Term,
    province_support_share: Term,
    district_support_share: Term,
    cumulative_fund_contribution: Term,
    province_fund_share: Term,
    district_fund_share: Term,
    cumulative_park_spending: Term,
    province_park_share: Term,
    district_park_share: Term,
) -> Term:
    """The part of the gross fiscal cost that the city's own treasury pays.

    中文：累计财政支出中由市本级承担的部分。

    Why: The rest, so that the three add up to the whole.

    为何：其余归市级，三者合计等于总额。
    """
    support = cumulative_support_paid * (1 - province_support_share) * (1 - district_support_share)
    fund = cumulative_fund_contribution * (1 - province_fund_share) * (1 - district_fund_share)
    return support + fund + cumulative_park_spending * (1 - province_park_share) * (1 - district_park_share)
