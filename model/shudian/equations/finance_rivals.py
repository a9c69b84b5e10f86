"""Who carries the titles of other cities: they need money until they are paid for, as this city's do."""

from shudian.equations.language import Term, auxiliary, flow, maximum, minimum, ratio, stock


@auxiliary("wanyuan", "对手所需垫资", "Capital that rivals' orders need")
def rival_capital_needed(rival_orders: Term, own_need_per_title: Term, tied_time: Term, finance_margin: Term) -> Term:
    """Own money that the orders of other cities tie up, with the owners' margin.

    中文：其他城市的订单占用的垫资，加上出资人所留的余量。
    """
    return rival_orders * own_need_per_title * tied_time * finance_margin


@flow("wanyuan/month", "对手资金变动", "Change of rivals' capital")
def rival_capital_change(
    rival_capital_needed: Term,
    rival_capital: Term,
    capital_adjustment_time: Term,
    rival_titles: Term,
    live_price: Term,
    live_cost: Term,
    profit_retention: Term,
) -> Term:
    """Owners and lenders fill the gap or take out the surplus, with delay; what is kept of the margin is added.

    中文：股东与贷款方滞后地补足缺口或取走余款；承制毛利的留存计入资金。
    """
    retained = profit_retention * maximum(0, live_price - live_cost) * rival_titles
    return retained + (rival_capital_needed - rival_capital) / capital_adjustment_time


@stock("wanyuan", "对手资金", "Capital of rival cities", initial="initial_rival_capital")
def rival_capital(rival_capital_change: Term) -> Term:
    """Producers' own money in other cities, at hand or in titles.

    中文：其他城市制作方手头与投入作品的自有资金。
    """
    return rival_capital_change


@auxiliary("1", "对手资金覆盖", "Rivals' cover by finance")
def rival_finance_cover(rival_capital: Term, rival_orders: Term, own_need_per_title: Term, tied_time: Term) -> Term:
    """Orders that the money of other cities can carry, over the orders that they have.

    中文：其他城市的资金可支撑的订单与其订单之比；不需垫资时不受限制。
    """
    return ratio(rival_capital, rival_orders * own_need_per_title * tied_time, 1)


@auxiliary("title/month", "其他城市作品", "Titles of rival cities")
def rival_titles(rival_orders: Term, rival_finance_cover: Term) -> Term:
    """Live-action titles that other cities make of their orders; what nobody can finance is dropped, not kept waiting.

    中文：其他城市完成的实拍作品；无人垫资的项目不再拍（模型不记其他城市的积压订单）。

    Evidence: ZG24
    """
    return rival_orders * minimum(1, rival_finance_cover)


@auxiliary("wanyuan", "期初对手资金", "Initial capital of rivals")
def initial_rival_capital(
    initial_national_commissions: Term,
    initial_city_share: Term,
    initial_finance_margin: Term,
    initial_own_need: Term,
    reference_lead_time: Term,
    settlement_time: Term,
) -> Term:
    """Own money of other cities' producers at the start of 2023, by the margin of this city.

    中文：2023年初其他城市制作方的自有资金，按本市的余量计。
    """
    orders = initial_national_commissions * (1 - initial_city_share)
    return orders * initial_finance_margin * initial_own_need * (reference_lead_time + settlement_time)
