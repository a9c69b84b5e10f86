"""The queue of orders in the city: placed, waiting, withdrawn, and what investors and employers make of it."""

from shudian.equations.language import Term, auxiliary, flow, maximum, ratio, stock


@flow("title/month", "本市新增订单", "City orders")
def city_orders(
    open_commissions: Term,
    national_live_commissions: Term,
    placement_time: Term,
    city_share: Term,
    loop_b3_sharing: Term,
) -> Term:
    """Open commissions that come to the city.

    中文：落到本市的实拍委托。

    Why: Orders come from a finite stock of open commissions; the switch to an unlimited flow exists to show what
    sharing does (B3).

    为何：订单来自有限的待定委托；改成无限供应的开关，只为显示“共享”（B3）的作用。
    """
    shared = loop_b3_sharing * open_commissions / placement_time
    return (shared + (1 - loop_b3_sharing) * national_live_commissions) * city_share


@auxiliary("title/month", "订单取消", "Order cancellation")
def order_cancellation(
    order_backlog: Term,
    waiting_time: Term,
    tolerated_waiting_time: Term,
    cancellation_rate: Term,
    cancellation_half_excess: Term,
) -> Term:
    """Orders that wait longer than is tolerated are withdrawn; the rate is half of the greatest at a named excess.

    中文：等待超过可容忍时间的订单被撤回；超出达到给定倍数时，撤回速度为最大值的一半。

    Why: Nothing below what is tolerated, then saturating: buyers leave at a pace that has a limit. A cliff at the
    tolerated time would empty the backlog in a month.

    为何：未超过容忍时间则无，超过后趋于饱和：委托方离开的速度有限。若一过期就全撤，在手订单一月清空。
    """
    excess = maximum(0, waiting_time / tolerated_waiting_time - 1)
    return order_backlog * cancellation_rate * excess / (cancellation_half_excess + excess)


@flow("title/month", "撤单回流", "Cancelled orders that return")
def order_return(order_cancellation: Term, cancellation_return_share: Term) -> Term:
    """Withdrawn orders that look for a maker again, here or elsewhere.

    中文：撤回后在全国重新寻找承制方的订单。

    Why: A fixed share looks for another maker; which orders return nobody has counted, so the share is uncertain and
    not a function.

    为何：固定份额回到市场；哪些会回来没人统计过，所以是不确定的份额，而不是函数。
    """
    return order_cancellation * cancellation_return_share


@flow("title/month", "撤单放弃", "Cancelled orders given up")
def order_abandonment(order_cancellation: Term, cancellation_return_share: Term) -> Term:
    """Withdrawn orders that nobody makes.

    中文：撤回后不再拍摄的订单。

    Why: The rest of what is cancelled, so that no order is lost or counted twice.

    为何：撤单的其余部分，使订单既不丢失也不重复。
    """
    return order_cancellation * (1 - cancellation_return_share)


@stock("title", "在手订单", "Order backlog", initial="initial_order_backlog")
def order_backlog(
    city_orders: Term, plus_orders: Term, title_completions: Term, order_return: Term, order_abandonment: Term
) -> Term:
    """Titles ordered in the city and not yet delivered.

    中文：已签约、尚未完成的作品。
    """
    return city_orders + plus_orders - title_completions - order_return - order_abandonment


@auxiliary("title/month", "期初订单", "Initial orders")
def initial_orders(initial_national_commissions: Term, initial_city_share: Term) -> Term:
    """Live-action orders of the city at the start of 2023.

    中文：2023年初本市每月的实拍订单。
    """
    return initial_national_commissions * initial_city_share


@auxiliary("month", "期初正常等待", "Initial waiting time")
def initial_waiting_time(reference_lead_time: Term, initial_waiting_slack: Term) -> Term:
    """Time from order to delivery at the start of 2023: the least lead time and some slack.

    中文：2023年初从签约到完成的时间：最短周期加一定余量。
    """
    return reference_lead_time * (1 + initial_waiting_slack)


@auxiliary("month", "期初实际等待", "First waiting time")
def first_waiting_time(initial_order_backlog: Term, initial_completions: Term, reference_lead_time: Term) -> Term:
    """Waiting time that the first completions of 2023 lead to.

    中文：2023年初的完成量所对应的等待时间。
    """
    return maximum(ratio(initial_order_backlog, initial_completions, reference_lead_time), reference_lead_time)


@auxiliary("title", "期初在手订单", "Initial order backlog")
def initial_order_backlog(initial_orders: Term, initial_waiting_time: Term) -> Term:
    """Backlog at the start of 2023: orders times waiting time.

    中文：2023年初的在手订单＝订单×等待时间。
    """
    return initial_orders * initial_waiting_time


@auxiliary("title/month", "计划产量", "Desired production")
def desired_production(
    expected_orders: Term, order_backlog: Term, initial_waiting_time: Term, backlog_adjustment_time: Term
) -> Term:
    """What investors and employers plan for: expected orders, and working off what has piled up.

    中文：投资者与用人单位计划的产量：预期订单，加上消化积压。

    Why: Expected orders plus a correction of the backlog over a time (anchor and adjust, Sterman 2000, chapter 18);
    planning by the backlog alone makes waves.

    为何：预期订单加上对积压的逐步纠正（锚定与调整，Sterman 2000，第18章）；只看积压来计划会造成波动。
    """
    surplus = order_backlog - expected_orders * initial_waiting_time
    return maximum(0, expected_orders + surplus / backlog_adjustment_time)


@flow("title/month**2", "预期调整", "Change of expected orders")
def expectation_change(city_orders: Term, plus_orders: Term, expected_orders: Term, expectation_time: Term) -> Term:
    """Investors and employers update what they expect.

    中文：投资者与用人单位逐步修正预期。

    Why: Adaptive expectations: exponential smoothing of what came in. Perfect foresight would build sets before orders
    come.

    为何：适应性预期：对近期订单作指数平滑。若有完全预见，订单未到场地就已建好。
    """
    return (city_orders + plus_orders - expected_orders) / expectation_time


@stock("title/month", "预期订单", "Expected orders", initial="initial_orders")
def expected_orders(expectation_change: Term) -> Term:
    """The orders that investors in sets and employers expect: a smoothed view of what came in.

    中文：场地投资者与用人单位对订单的预期（对近期订单的平滑）。
    """
    return expectation_change
