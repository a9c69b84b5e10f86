"""What the city makes: sets and locations, crews, and the titles that they complete."""

from shudian.equations.language import (
    Term,
    auxiliary,
    flow,
    maximum,
    minimum,
    ratio,
    smooth_minimum,
    stock,
)


@auxiliary("month", "拍摄时长", "Shooting time")
def shooting_time(shooting_days: Term, days_per_month: Term) -> Term:
    """How long a crew occupies a set for one title.

    中文：一部作品占用场地的时间。

    Evidence: ZP01, ZP02
    """
    return shooting_days / days_per_month


@auxiliary("month", "最短交付周期", "Minimum lead time")
def minimum_lead_time(
    preparation_days: Term,
    ai_time_saving: Term,
    ai_capability: Term,
    ai_capability_initial: Term,
    approval_time: Term,
    approval_critical_share: Term,
    shooting_days: Term,
    days_per_month: Term,
) -> Term:
    """The least time from order to delivery: preparation, which AI shortens, shooting, and what approval adds to them.

    中文：从签约到完成的最短时间：筹备与后期（AI能力会缩短）、拍摄，以及审批额外占用的时间。

    Why: Stages in a row add up; AI shortens preparation only, and only a share of approval is on the critical path. A
    product of factors would let quick approval save shooting days.

    为何：各阶段首尾相接，所以相加；AI只缩短筹备与后期，审批只有一部分占关键时间。若各因素相乘，审批快了竟能少拍几天。
    """
    saved = ai_time_saving * maximum(0, ai_capability - ai_capability_initial)
    preparation = preparation_days * (1 - saved)
    return (preparation + approval_critical_share * approval_time + shooting_days) / days_per_month


@auxiliary("title/month", "期望完成量", "Desired completions")
def desired_completions(order_backlog: Term, minimum_lead_time: Term) -> Term:
    """What would be completed if neither sets nor people were short.

    中文：若场地与人手都不缺，每月可完成的作品。

    Why: What would be delivered in the least time; orders do not queue by age, since no book of orders is published.

    为何：按最短周期交付所能完成的；订单不分先后，因为没有公布订单簿。
    """
    return order_backlog / minimum_lead_time


@auxiliary("slot", "有效拍摄容量", "Effective shooting capacity")
def effective_capacity(
    capacity: Term, open_filming_locations: Term, slots_per_location: Term, outdoor_shooting_share: Term
) -> Term:
    """Crews that sets and open locations can take; locations count only as far as crews shoot away from sets.

    中文：场地与开放取景地可同时容纳的剧组数；取景地只在剧组需要外景的限度内起作用。

    Why: Locations replace sets only up to what is shot outdoors; adding them freely made 500 locations outweigh all
    sets.

    为何：取景地只在外景的限度内代替场地；若直接相加，500处取景地会盖过全部场地。
    """
    return capacity + minimum(open_filming_locations * slots_per_location, outdoor_shooting_share * capacity)


@auxiliary("title/month", "场地能力", "Capacity of sets")
def set_capacity(effective_capacity: Term, shooting_time: Term, titles_per_crew: Term) -> Term:
    """Titles a month that the sets can take.

    中文：场地每月可承接的作品数。

    Why: Slots over the time that a title occupies one; shooting days are measured, so nothing is fitted here.

    为何：容量除以一部作品占用的时间；拍摄天数有实测，无须拟合。
    """
    return effective_capacity * titles_per_crew / shooting_time


@auxiliary("title/month", "人手能力", "Capacity of the workforce")
def workforce_capacity(
    productive_workforce: Term, ai_workers: Term, working_days_per_month: Term, person_days_per_title: Term
) -> Term:
    """Live-action titles a month that the people who are not on AI-native titles can make.

    中文：除去制作AI作品的人手，每月可完成的实拍作品数。

    Why: People over person-days, after those on AI titles: a person works once. Fixed proportions, because crews
    cannot be traded for sets.

    为何：人手除以每部人日，先扣除AI用工：一个人只能干一份活。比例固定，因为班组不能拿场地来换。
    """
    return (productive_workforce - ai_workers) * working_days_per_month / person_days_per_title


@flow("title/month", "完成作品", "Title completions")
def title_completions(
    desired_completions: Term,
    set_capacity: Term,
    workforce_capacity: Term,
    finance_capacity: Term,
    bottleneck_sharpness: Term,
) -> Term:
    """Live-action titles completed: a smooth minimum of orders, sets, people and finance.

    The smoothness is structure: some of the city's sets, crews and makers run short before the average does.

    中文：每月完成的实拍作品：订单、场地、人手、资金四者的平滑最小值（各场地、各团队、各企业并非同时紧张）。

    Why: A smooth minimum of four: whatever is shortest binds, but not all crews at once. A sharp minimum has corners
    that no city shows; a product would let money stand for people.

    为何：四者的平滑最小值：哪一项最短由哪一项定，但不是各处同时短缺。尖锐的最小值有现实中没有的拐角；用乘积则钱可以顶
    人。

    Evidence: ZD03, ZD04, ZC01
    """
    return smooth_minimum(bottleneck_sharpness, desired_completions, set_capacity, workforce_capacity, finance_capacity)


@auxiliary("slot", "在拍剧组", "Crews on set")
def crews_on_set(title_completions: Term, shooting_time: Term, titles_per_crew: Term) -> Term:
    """Crews shooting at the same time: titles a month times shooting time.

    中文：同时在拍的剧组数＝每月作品数×拍摄时长。

    Why: Little's law again: 80 crews a day and a shooting time give titles a month, and the counts agree (ZC01).

    为何：仍是利特尔定律：每天八十多个剧组乘拍摄时长得每月作品数，与统计相符（ZC01）。

    Evidence: ZC01, DX08
    """
    return title_completions * shooting_time / titles_per_crew


@auxiliary("slot", "闲置场地", "Idle sets")
def idle_sets(effective_capacity: Term, crews_on_set: Term) -> Term:
    """Crew slots that stand empty: the sign of duplicate construction.

    中文：空置的拍摄容量，重复建设的信号。

    Why: Never negative: crowded sets are not idle ones with another sign; crowding has its own loop.

    为何：不会为负：拥挤不是负的闲置，另有回路。
    """
    return maximum(0, effective_capacity - crews_on_set)


@auxiliary("wanyuan/month", "闲置场地成本", "Cost of idle sets")
def idle_set_cost(idle_sets: Term, set_upkeep: Term) -> Term:
    """What sets that stand empty cost their owners each month: duplicate building is paid for.

    中文：空置场地每月的维护与租金支出：重复建设的代价。

    Why: A cost for each empty slot, so that duplicate building is paid for by somebody; sunk cost would make it free.

    为何：每个空位都有成本，重复建设总有人买单；若当作沉没成本，便成了免费。

    Evidence: ZB11
    """
    return idle_sets * set_upkeep


@auxiliary("slot", "期望场地", "Desired capacity")
def desired_capacity(
    desired_production: Term,
    initial_orders: Term,
    shooting_time: Term,
    titles_per_crew: Term,
    capacity_margin: Term,
    loop_r4_capacity: Term,
) -> Term:
    """Crew slots that investors think the planned production needs.

    中文：投资者认为计划产量所需的拍摄容量。

    Why: Planned titles times what each occupies, with a margin that investors keep for peaks; profit expectations were
    left out, because no rent series exists.

    为何：计划作品乘每部所占，再留余量应付高峰；没有用利润预期，因为没有租金序列。
    """
    titles = loop_r4_capacity * desired_production + (1 - loop_r4_capacity) * initial_orders
    return titles * shooting_time / titles_per_crew * capacity_margin


@flow("slot/month", "场地开工", "Construction starts")
def construction_starts(
    desired_capacity: Term,
    effective_capacity: Term,
    capacity_under_construction: Term,
    initial_capacity: Term,
    capacity_adjustment_time: Term,
    loop_b2_building: Term,
) -> Term:
    """Private investors start sets while they see a gap; with the gap filled, building stops.

    中文：民间投资者看到缺口便改建场地，缺口补上即停。

    Why: Gap over time, counting what is being built; forgetting that makes the building cycle of Sterman (2000,
    chapter 17), which the switch can show.

    为何：缺口除以时间，计入在建；不计在建便造成建设周期（Sterman 2000，第17章），开关可以演示。
    """
    have = effective_capacity + capacity_under_construction
    seen = loop_b2_building * have + (1 - loop_b2_building) * initial_capacity
    return maximum(0, desired_capacity - seen) / capacity_adjustment_time


@flow("slot/month", "园区场地投用", "Sets in new parks")
def park_sets(park_opening: Term, slots_per_park: Term, park_additional_share: Term) -> Term:
    """Crew slots in newly opened municipal parks that would not have been built anyway.

    中文：新开市级园区带来的、否则不会建设的拍摄容量。

    Why: Only the share that would not have been built anyway counts; all of it would credit parks with private sets.

    为何：只计否则不会建的部分；全部计入，就把民间场地算作园区的功劳。
    """
    return park_opening * slots_per_park * park_additional_share


@flow("slot/month", "场地投用", "Capacity completion")
def capacity_completion(capacity_under_construction: Term, conversion_time: Term) -> Term:
    """Sets come into service after months of conversion.

    中文：商场厂房改造数月后投用。

    Why: Conversion as a first-order delay: projects of unlike length end all the time; a fixed delay would open all at
    once.

    为何：改造用一阶时滞：项目长短不一，陆续完工；固定时滞会同时开业。
    """
    return capacity_under_construction / conversion_time


@stock("slot", "在建场地", "Capacity under construction", initial="capacity_under_construction_initial")
def capacity_under_construction(construction_starts: Term, capacity_completion: Term) -> Term:
    """Crew slots being built or converted.

    中文：正在改建的拍摄容量。
    """
    return construction_starts - capacity_completion


@flow("slot/month", "场地关闭", "Capacity closure")
def capacity_closure(capacity: Term, idle_sets: Term, effective_capacity: Term, idle_closure_rate: Term) -> Term:
    """Bases close when they stand idle.

    中文：基地闲置则关闭。

    Why: Owners give up in proportion to idleness, so that sets outlive a slack month; closing all that is idle would
    undo capacity at once.

    为何：按闲置比例关闭，淡季一个月不至于关门；若闲置即关，容量一下子就没了。
    """
    return capacity * idle_closure_rate * ratio(idle_sets, effective_capacity, 0)


@stock("slot", "在用场地", "Capacity in service", initial="initial_capacity")
def capacity(capacity_completion: Term, park_sets: Term, capacity_closure: Term) -> Term:
    """Crew slots in service in the city's bases.

    中文：全市基地可同时容纳的剧组数。

    Evidence: ZB01, ZB03
    """
    return capacity_completion + park_sets - capacity_closure


@auxiliary("slot", "期初场地", "Initial capacity")
def initial_capacity(
    initial_orders: Term, shooting_time: Term, titles_per_crew: Term, initial_capacity_margin: Term
) -> Term:
    """Crew slots in service at the start of 2023.

    中文：2023年初的拍摄容量。
    """
    return initial_orders * shooting_time / titles_per_crew * initial_capacity_margin


@auxiliary("1", "期初拍摄紧张度", "Initial pressure on sets")
def initial_set_pressure(initial_waiting_slack: Term, initial_capacity_margin: Term) -> Term:
    """Wanted shoots over capacity at the start of 2023.

    中文：2023年初想拍的数量与场地能力之比。
    """
    return (1 + initial_waiting_slack) / initial_capacity_margin


@auxiliary("month", "期初最短周期", "Reference lead time")
def reference_lead_time(
    preparation_days: Term,
    reference_approval_days: Term,
    approval_critical_share: Term,
    shooting_days: Term,
    days_per_month: Term,
) -> Term:
    """The least lead time at the start of 2023.

    中文：2023年初的最短交付周期。
    """
    return (preparation_days + approval_critical_share * reference_approval_days + shooting_days) / days_per_month


@auxiliary("title/month", "期初完成量", "Initial completions")
def initial_completions(
    bottleneck_sharpness: Term,
    initial_order_backlog: Term,
    reference_lead_time: Term,
    initial_orders: Term,
    initial_capacity_margin: Term,
    initial_workforce_margin: Term,
    initial_experience_share: Term,
    newcomer_productivity: Term,
    initial_finance_capacity: Term,
) -> Term:
    """Completions that orders, sets, people and finance of the start of 2023 allow.

    中文：2023年初的订单、场地、人手与资金允许的完成量。
    """
    productive = initial_experience_share + (1 - initial_experience_share) * newcomer_productivity
    return smooth_minimum(
        bottleneck_sharpness,
        initial_order_backlog / reference_lead_time,
        initial_orders * initial_capacity_margin,
        initial_orders * initial_workforce_margin * productive,
        initial_finance_capacity,
    )


@flow("location/month", "取景地变动", "Change of open locations")
def location_opening(
    open_locations: Term,
    open_filming_locations: Term,
    initial_open_locations: Term,
    support_active: Term,
    delivery_share: Term,
    location_opening_time: Term,
) -> Term:
    """Locations open, with delay and a share of what was announced; they close again when support ends.

    中文：取景地按兑现比例逐步开放；扶持退出后逐步收回。

    Why: Towards what is delivered of the promise, and back when support ends; offices open and close alike, so one
    time serves both.

    为何：趋向兑现的数量，扶持退出后收回；开放与收回都靠机关协调，用同一时间。
    """
    promised = maximum(0, open_locations - initial_open_locations) * delivery_share * support_active
    return (minimum(open_locations, initial_open_locations) + promised - open_filming_locations) / location_opening_time


@stock("location", "开放取景地", "Open filming locations", initial="initial_open_locations")
def open_filming_locations(location_opening: Term) -> Term:
    """Public places where crews may film.

    中文：可供剧组拍摄的公共取景地。

    Evidence: ZB05
    """
    return location_opening
