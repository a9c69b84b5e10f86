"""What the city makes: sets and locations, titles completed, their quality, reputation and own IP."""

from shudian.equations.language import (
    Term,
    auxiliary,
    exp,
    flow,
    log,
    maximum,
    minimum,
    ratio,
    smooth_minimum,
    stock,
    where,
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
    approval_days: Term,
    approval_critical_share: Term,
    shooting_days: Term,
    days_per_month: Term,
) -> Term:
    """The least time from order to delivery: preparation, shooting, and what approval adds to them.

    中文：从签约到完成的最短时间：筹备、拍摄，以及审批额外占用的时间。
    """
    return (preparation_days + approval_critical_share * approval_days + shooting_days) / days_per_month


@auxiliary("title/month", "期望完成量", "Desired completions")
def desired_completions(order_backlog: Term, minimum_lead_time: Term) -> Term:
    """What would be completed if neither sets nor people were short.

    中文：若场地与人手都不缺，每月可完成的作品。
    """
    return order_backlog / minimum_lead_time


@auxiliary("slot", "有效拍摄容量", "Effective shooting capacity")
def effective_capacity(capacity: Term, open_filming_locations: Term, slots_per_location: Term) -> Term:
    """Crews that sets and open locations can take at the same time.

    中文：场地与开放取景地可同时容纳的剧组数。
    """
    return capacity + open_filming_locations * slots_per_location


@auxiliary("title/month", "场地能力", "Capacity of sets")
def set_capacity(effective_capacity: Term, shooting_time: Term, titles_per_crew: Term) -> Term:
    """Titles a month that the sets can take.

    中文：场地每月可承接的作品数。
    """
    return effective_capacity * titles_per_crew / shooting_time


@auxiliary("title/month", "人手能力", "Capacity of the workforce")
def workforce_capacity(
    experienced: Term,
    newcomers: Term,
    newcomer_productivity: Term,
    working_days_per_month: Term,
    person_days_per_title: Term,
) -> Term:
    """Titles a month that the people can make.

    中文：现有人手每月可完成的作品数。
    """
    return (experienced + newcomers * newcomer_productivity) * working_days_per_month / person_days_per_title


@flow("title/month", "完成作品", "Title completions")
def title_completions(
    desired_completions: Term, set_capacity: Term, workforce_capacity: Term, bottleneck_sharpness: Term
) -> Term:
    """Live-action titles completed: a smooth minimum of orders, sets and people.

    The smoothness is structure: some of the city's sets and crews run short before the average does.

    中文：每月完成的实拍作品：订单、场地、人手三者的平滑最小值（各场地、各团队并非同时紧张）。

    Evidence: ZD03, ZD04, ZC01
    """
    return smooth_minimum(bottleneck_sharpness, desired_completions, set_capacity, workforce_capacity)


@auxiliary("slot", "在拍剧组", "Crews on set")
def crews_on_set(title_completions: Term, shooting_time: Term, titles_per_crew: Term) -> Term:
    """Crews shooting at the same time: titles a month times shooting time.

    中文：同时在拍的剧组数＝每月作品数×拍摄时长。

    Evidence: ZC01, DX08
    """
    return title_completions * shooting_time / titles_per_crew


@auxiliary("slot", "闲置场地", "Idle sets")
def idle_sets(effective_capacity: Term, crews_on_set: Term) -> Term:
    """Crew slots that stand empty: the sign of duplicate construction.

    中文：空置的拍摄容量，重复建设的信号。
    """
    return maximum(0, effective_capacity - crews_on_set)


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
    """
    titles = loop_r4_capacity * desired_production + (1 - loop_r4_capacity) * initial_orders
    return titles * shooting_time / titles_per_crew * capacity_margin


@flow("slot/month", "场地开工", "Construction starts")
def construction_starts(
    desired_capacity: Term,
    effective_capacity: Term,
    capacity_under_construction: Term,
    capacity_adjustment_time: Term,
    loop_b2_building: Term,
) -> Term:
    """Private investors start sets while they see a gap; with the gap filled, building stops.

    中文：民间投资者看到缺口便改建场地，缺口补上即停。
    """
    have = effective_capacity + capacity_under_construction
    seen = loop_b2_building * have + (1 - loop_b2_building) * desired_capacity
    return maximum(0, desired_capacity - seen) / capacity_adjustment_time


@flow("slot/month", "园区场地开工", "Park construction")
def park_construction(park_opening: Term, slots_per_park: Term) -> Term:
    """Crew slots that newly opened municipal parks fit out.

    中文：新开市级园区配套建设的拍摄容量。
    """
    return park_opening * slots_per_park


@flow("slot/month", "场地投用", "Capacity completion")
def capacity_completion(capacity_under_construction: Term, conversion_time: Term) -> Term:
    """Sets come into service after months of conversion.

    中文：商场厂房改造数月后投用。
    """
    return capacity_under_construction / conversion_time


@stock("slot", "在建场地", "Capacity under construction", initial="capacity_under_construction_initial")
def capacity_under_construction(construction_starts: Term, park_construction: Term, capacity_completion: Term) -> Term:
    """Crew slots being built or converted.

    中文：正在改建的拍摄容量。
    """
    return construction_starts + park_construction - capacity_completion


@flow("slot/month", "场地关闭", "Capacity closure")
def capacity_closure(capacity: Term, idle_sets: Term, effective_capacity: Term, idle_closure_rate: Term) -> Term:
    """Bases close when they stand idle.

    中文：基地闲置则关闭。
    """
    return capacity * idle_closure_rate * ratio(idle_sets, effective_capacity, 0)


@stock("slot", "在用场地", "Capacity in service", initial="initial_capacity")
def capacity(capacity_completion: Term, capacity_closure: Term) -> Term:
    """Crew slots in service in the city's bases.

    中文：全市基地可同时容纳的剧组数。

    Evidence: ZB01, ZB03
    """
    return capacity_completion - capacity_closure


@auxiliary("slot", "期初场地", "Initial capacity")
def initial_capacity(
    initial_orders: Term, shooting_time: Term, titles_per_crew: Term, initial_capacity_margin: Term
) -> Term:
    """Crew slots in service at the start of 2023.

    中文：2023年初的拍摄容量。
    """
    return initial_orders * shooting_time / titles_per_crew * initial_capacity_margin


@auxiliary("1", "期初拍摄紧张度", "Initial pressure on sets")
def initial_set_pressure(
    initial_waiting_time: Term,
    preparation_days: Term,
    reference_approval_days: Term,
    approval_critical_share: Term,
    shooting_days: Term,
    days_per_month: Term,
    initial_capacity_margin: Term,
) -> Term:
    """Wanted shoots over capacity at the start of 2023.

    中文：2023年初想拍的数量与场地能力之比。
    """
    approval = approval_critical_share * reference_approval_days
    lead_time = (preparation_days + approval + shooting_days) / days_per_month
    return initial_waiting_time / lead_time / initial_capacity_margin


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


@auxiliary("1", "作品品质", "Title quality")
def title_quality(
    waiting_time: Term,
    minimum_lead_time: Term,
    schedule_pressure_effect: Term,
    sameness: Term,
    sameness_quality_effect: Term,
    loop_b4_sameness: Term,
    experience_share: Term,
    initial_experience_share: Term,
    experience_quality_effect: Term,
    script_effect: Term,
    award_effect: Term,
    effect_floor: Term,
) -> Term:
    """Quality of the city's titles, 1 at the start of 2023: haste and sameness cost it, experience and scripts lift it.

    中文：作品品质（2023年初为 1）：赶工与同质化使之下降，经验与好剧本使之上升。
    """
    haste = schedule_pressure_effect * log(waiting_time / minimum_lead_time)
    alike = sameness_quality_effect * loop_b4_sameness * sameness
    experience = experience_quality_effect * log(
        maximum(experience_share, effect_floor) / maximum(initial_experience_share, effect_floor)
    )
    return exp(experience + script_effect + award_effect - haste - alike)


@auxiliary("1", "剧本孵化作用", "Effect of script incubation")
def script_effect(
    script_spending: Term, title_completions: Term, live_price: Term, script_quality_effect: Term
) -> Term:
    """Better scripts: grows with the incubation money per yuan of production.

    中文：孵化投入相对制作规模越大，剧本越好。
    """
    return script_quality_effect * log(1 + ratio(script_spending, title_completions * live_price, 0))


@auxiliary("1", "精品奖励作用", "Effect of the quality award")
def award_effect(
    quality_award: Term, support_effectiveness: Term, live_price: Term, award_quality_effect: Term
) -> Term:
    """An expected award, against the cost of a title, makes producers try harder.

    中文：预期奖励相对成本越高，制作方越愿意打磨。
    """
    return award_quality_effect * log(1 + quality_award * support_effectiveness / live_price)


@auxiliary("title/month", "热力榜作品", "Hits")
def hits(title_completions: Term, base_hit_rate: Term, title_quality: Term) -> Term:
    """Titles on the national hot list.

    中文：进入全国热力榜的作品。

    Evidence: ZD06, PRI-002
    """
    return title_completions * minimum(1, base_hit_rate * title_quality)


@auxiliary("title/month", "其他城市热力榜作品", "Rivals' hits")
def rival_hits(
    rival_orders: Term,
    base_hit_rate: Term,
    national_sameness: Term,
    sameness_quality_effect: Term,
    loop_b4_sameness: Term,
) -> Term:
    """Other cities' live-action titles on the hot list; national sameness wears down theirs as well.

    中文：其他城市进入热力榜的实拍作品；全国同质化对它们同样有影响。
    """
    return rival_orders * base_hit_rate * exp(-sameness_quality_effect * loop_b4_sameness * national_sameness)


@flow("1/month", "口碑变动", "Change of reputation")
def reputation_change(
    hits: Term,
    rival_hits: Term,
    initial_city_share: Term,
    reputation: Term,
    reputation_time: Term,
) -> Term:
    """Reputation follows the city's share of the country's hits, with the audience's and the trade's memory.

    中文：口碑随本市在全国爆款中的份额变化，有记忆。
    """
    standing = ratio(hits, hits + rival_hits, 0) / initial_city_share
    return (standing - reputation) / reputation_time


@stock("1", "品质口碑", "Reputation for quality", initial="reputation_initial")
def reputation(reputation_change: Term) -> Term:
    """The city's standing among commissioners, 1 at the start of 2023.

    中文：本市在委托方中的口碑，2023年初为 1。
    """
    return reputation_change


@flow("title/month", "精品完成", "Quality-work completions")
def quality_work_completions(
    title_completions: Term, base_quality_work_rate: Term, title_quality: Term, quality_selectivity: Term
) -> Term:
    """Quality works (精品) made in a month; their rate reacts more strongly to quality than the hit rate does.

    中文：每月完成的精品；精品率对品质更敏感。

    Evidence: ZG07
    """
    return title_completions * minimum(1, base_quality_work_rate * title_quality**quality_selectivity)


@stock("title", "累计精品", "Quality works made", initial="cumulative_titles_initial")
def quality_works(quality_work_completions: Term) -> Term:
    """Quality works made since the start of 2023.

    中文：2023年以来累计完成的精品。
    """
    return quality_work_completions


@flow("title/month", "方案期精品完成", "Quality works of the plan period")
def plan_quality_completions(quality_work_completions: Term, time: Term, plan_start: Term) -> Term:
    """Quality works that count for the 2025-2027 plan: those completed after it was issued.

    中文：计入2025—2027方案的精品：方案发布之后完成的。

    Evidence: ZG04
    """
    return where(time < plan_start, 0, quality_work_completions)


@stock("title", "方案期累计精品", "Quality works since the plan", initial="cumulative_titles_initial")
def plan_quality_works(plan_quality_completions: Term) -> Term:
    """Quality works completed since the plan of July 2025.

    中文：2025年7月方案发布以来累计完成的精品。
    """
    return plan_quality_completions


@flow("1/month", "自有IP占比变动", "Change of the own-IP share")
def own_ip_change(
    own_ip_share: Term,
    own_ip_share_initial: Term,
    own_ip_script_effect: Term,
    script_spending: Term,
    title_completions: Term,
    live_price: Term,
    lead_firms: Term,
    active_firms: Term,
    own_ip_lead_effect: Term,
    own_ip_time: Term,
) -> Term:
    """Makers-for-hire become owners slowly, helped by script incubation and by lead firms.

    中文：从承制到自有版权转变缓慢，剧本孵化与龙头企业有助于此。
    """
    incubated = own_ip_script_effect * log(1 + ratio(script_spending, title_completions * live_price, 0))
    led = own_ip_lead_effect * ratio(lead_firms, active_firms, 0)
    target = minimum(1, maximum(0, own_ip_share_initial + incubated + led))
    return (target - own_ip_share) / own_ip_time


@stock("1", "自有IP占比", "Own-IP share", initial="own_ip_share_initial")
def own_ip_share(own_ip_change: Term) -> Term:
    """Share of the city's titles whose rights its own firms hold.

    中文：本市作品中由本市企业持有版权的份额。
    """
    return own_ip_change
