"""Who carries the titles of other cities: they need money until they are paid for, as this city's do."""

from shudian.equations.language import Term, auxiliary, flow, maximum, minimum, ratio, stock


@auxiliary("month", "对手资金占用时间", "Time that rivals' money is tied up")
def rival_tied_time(reference_lead_time: Term, settlement_time: Term) -> Term:
    """From the first outlay to the last payment in other cities, whose approvals and crews this city does not hasten.

    中文：其他城市从首次支出到最后回款的时间：本市的审批与班组不影响它。
    """
    return reference_lead_time + settlement_time


@auxiliary("wanyuan", "对手垫资占用", "Capital tied up in rivals' orders")
def rival_capital_tied(rival_orders: Term, own_need_per_title: Term, rival_tied_time: Term) -> Term:
    """Own money that the orders of other cities tie up until they are paid for.

    中文：其他城市的订单在回款之前占用的自有资金。
    """
    return rival_orders * own_need_per_title * rival_tied_time


@flow("wanyuan/month", "对手资金变动", "Change of rivals' capital")
def rival_capital_change(
    rival_capital_tied: Term,
    rival_capital: Term,
    finance_margin: Term,
    capital_adjustment_time: Term,
    rival_titles: Term,
    live_price: Term,
    live_cost: Term,
    profit_retention: Term,
) -> Term:
    """Owners and lenders fill what is missing and take out what lies idle, with delay, as this city's do.

    What is kept of the margin is added. Money in titles cannot be taken out, be the margin ever so small.

    中文：股东与贷款方滞后地补足缺口、取走闲钱，与本市同理；承制毛利的留存计入资金；占用在作品中的钱取不走。

    Why: The city's owners in one line: fill gaps, take out what lies idle, keep the margin; separate flows for others
    could not be told apart by any figure.

    为何：把本市出资人的规则合成一行：补缺口、取闲钱、留存毛利；别处分开写，没有数字能分辨。
    """
    retained = profit_retention * maximum(0, live_price - live_cost) * rival_titles
    missing = maximum(0, rival_capital_tied * finance_margin - rival_capital)
    idle = maximum(0, rival_capital - rival_capital_tied * maximum(1, finance_margin))
    return retained + (missing - idle) / capital_adjustment_time


@stock("wanyuan", "对手资金", "Capital of rival cities", initial="initial_rival_capital")
def rival_capital(rival_capital_change: Term) -> Term:
    """Producers' own money in other cities, at hand or in titles.

    中文：其他城市制作方手头与投入作品的自有资金。
    """
    return rival_capital_change


@auxiliary("1", "对手资金覆盖", "Rivals' cover by finance")
def rival_finance_cover(rival_capital: Term, rival_capital_tied: Term) -> Term:
    """Orders that the money of other cities can carry, over the orders that they have.

    中文：其他城市的资金可支撑的订单与其订单之比；不需垫资时不受限制。
    """
    return ratio(rival_capital, rival_capital_tied, 1)


@auxiliary("title/month", "其他城市作品", "Titles of rival cities")
def rival_titles(rival_orders: Term, rival_finance_cover: Term) -> Term:
    """Live-action titles that other cities make of their orders; what nobody can finance is dropped, not kept waiting.

    中文：其他城市完成的实拍作品；无人垫资的项目不再拍（模型不记其他城市的积压订单）。

    Why: What cannot be financed is dropped: a backlog of rivals would be a second city model with no data.

    为何：垫不起的就不拍：若给对手也记积压，等于再建一个没有数据的城市。

    Evidence: ZG24
    """
    return rival_orders * minimum(1, rival_finance_cover)


@auxiliary("wanyuan", "期初对手资金", "Initial capital of rivals")
def initial_rival_capital(
    initial_national_commissions: Term,
    initial_city_share: Term,
    initial_finance_margin: Term,
    initial_own_need: Term,
    rival_tied_time: Term,
) -> Term:
    """Own money of other cities' producers at the start of 2023, by the margin of this city.

    中文：2023年初其他城市制作方的自有资金，按本市的余量计。
    """
    orders = initial_national_commissions * (1 - initial_city_share)
    return orders * initial_finance_margin * initial_own_need * rival_tied_time
