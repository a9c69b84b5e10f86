"""Quality of what the city makes: scripts and awards, hits and reputation, quality works and own IP."""

from shudian.equations.language import Term, auxiliary, exp, flow, log, maximum, minimum, ratio, stock, where


@auxiliary("1", "作品品质", "Title quality")
def title_quality(
    waiting_time: Term,
    reference_lead_time: Term,
    schedule_pressure_effect: Term,
    sameness: Term,
    own_sameness: Term,
    sameness_quality_effect: Term,
    loop_b4_sameness: Term,
    experience_share: Term,
    initial_experience_share: Term,
    experience_quality_effect: Term,
    script_effect: Term,
    award_effect: Term,
    startup_share: Term,
    initial_startup_share: Term,
    firm_quality_effect: Term,
    virtual_production_effect: Term,
    quality_answer_effect: Term,
    effect_floor: Term,
) -> Term:
    """Quality of the city's titles, 1 at the start of 2023: haste and sameness cost it, experience and scripts lift it.

    So does a trade with fewer beginners in it. What AI titles add to sameness costs quality too, and more money in a
    title, live action's answer in quality, lifts it; whether virtual production does is not known.

    中文：作品品质（2023年初为 1）：赶工与同质化（含AI作品造成的部分）使之下降，经验、好剧本、成熟企业多与精品化
    使之上升；虚拟制作是否提升品质尚不清楚。

    Why: A product of effects in logarithms, so that none can make quality negative and each counts in per cent; the
    weights are wide, because quality itself is nowhere measured.

    为何：各项作用在对数上相加，品质不会为负，各按百分比计；权重取得很宽，因为品质本身没有测量。
    """
    haste = schedule_pressure_effect * maximum(0, log(waiting_time / reference_lead_time))
    alike = sameness_quality_effect * loop_b4_sameness * (sameness + own_sameness)
    experience = experience_quality_effect * log(
        maximum(experience_share, effect_floor) / maximum(initial_experience_share, effect_floor)
    )
    mature = firm_quality_effect * (initial_startup_share - startup_share)
    technology = virtual_production_effect + quality_answer_effect
    return exp(experience + script_effect + award_effect + mature + technology - haste - alike)


@auxiliary("1", "虚拟制作作用", "Effect of virtual production")
def virtual_production_effect(
    virtual_production_quality: Term, ai_capability: Term, ai_capability_initial: Term
) -> Term:
    """What AI and virtual production add to the log quality of live action: scenes nobody could pay for, or sameness.

    中文：AI与虚拟制作对实拍品质（对数）的作用：可能带来原本拍不起的场面，也可能千篇一律。

    Why: Sign left open: reports praise scenes nobody could pay for and complain of sameness.

    为何：正负不定：有报道称赞拍不起的场面，也有抱怨千篇一律。
    """
    return virtual_production_quality * (ai_capability - ai_capability_initial)


@auxiliary("1", "精品化对品质的作用", "Effect of the answer in quality")
def quality_answer_effect(quality_answer: Term, money_quality_effect: Term) -> Term:
    """What more money in a live-action title adds to its log quality, wherever it is made.

    中文：单部实拍作品投入增加对品质（对数）的作用，各地相同。

    Why: An elasticity of quality to money; whether money buys quality is for the prior to doubt.

    为何：品质对投入的弹性；钱能否买到品质，由先验存疑。
    """
    return money_quality_effect * quality_answer


@auxiliary("1", "剧本孵化作用", "Effect of script incubation")
def script_effect(
    script_spending: Term, title_completions: Term, live_price: Term, script_quality_effect: Term
) -> Term:
    """Better scripts: grows with the incubation money per yuan of production.

    中文：孵化投入相对制作规模越大，剧本越好。

    Why: A logarithm of money per yuan of production: the first scripts help most, and the same sum means less in a
    larger trade.

    为何：取孵化投入与制作规模之比的对数：头几笔最有用，行业大了同样的钱作用变小。
    """
    return script_quality_effect * log(1 + ratio(script_spending, title_completions * live_price, 0))


@auxiliary("1", "精品奖励作用", "Effect of the quality award")
def award_effect(
    quality_award: Term,
    base_quality_work_rate: Term,
    support_effectiveness: Term,
    live_price: Term,
    award_reference: Term,
    award_quality_effect: Term,
) -> Term:
    """The award that an average title can expect, against its cost, makes producers try harder, or does not.

    中文：普通作品可预期的奖励（奖励×精品率）相对成本越高，制作方可能越愿意打磨，但逐步递减。

    Why: What counts is the award that an average title can expect; the printed maximum would motivate a thousand
    makers with one prize.

    为何：起作用的是普通作品可预期的奖励；若按公布的最高额，一份奖便能激励上千家。
    """
    expected = quality_award * base_quality_work_rate * support_effectiveness
    return award_quality_effect * log(1 + expected / (live_price * award_reference))


@auxiliary("title/month", "热力榜作品", "Hits")
def hits(title_completions: Term, base_hit_rate: Term, title_quality: Term) -> Term:
    """Titles on the national hot list.

    中文：进入全国热力榜的作品。

    Why: A base rate times quality, never above every title; a lottery of single hits is left out with single titles.

    为何：基准率乘品质，不超过全部作品；单部爆款的偶然性随单部作品一起略去。

    Evidence: ZD06, PRI-002
    """
    return title_completions * minimum(1, base_hit_rate * title_quality)


@auxiliary("title/month", "其他城市热力榜作品", "Rivals' hits")
def rival_hits(
    rival_titles: Term,
    base_hit_rate: Term,
    sameness: Term,
    sameness_quality_effect: Term,
    virtual_production_quality: Term,
    rival_ai_capability: Term,
    ai_capability_initial: Term,
    quality_answer_effect: Term,
    loop_b4_sameness: Term,
) -> Term:
    """Other cities' live-action titles on the hot list; sameness, virtual production and money act on theirs as well.

    中文：其他城市进入热力榜的实拍作品；同质化、虚拟制作与投入对它们同样有作用。

    Why: The same rate and the same national influences as here, without what is known of this city only.

    为何：与本市相同的基准率与全国影响，不含只知道本市的因素。
    """
    technology = virtual_production_quality * (rival_ai_capability - ai_capability_initial) + quality_answer_effect
    return rival_titles * base_hit_rate * exp(technology - sameness_quality_effect * loop_b4_sameness * sameness)


@auxiliary("1", "爆款地位", "Standing by hits")
def hit_standing(hits: Term, rival_hits: Term, initial_city_share: Term) -> Term:
    """The city's share of the country's hits, 1 when it is the city's first share of orders.

    中文：本市在全国爆款中的份额，与期初订单份额相同时为 1。

    Why: Relative to others: a hot list has a fixed length, so that hits of all cannot rise together.

    为何：相对别处：热力榜长度固定，大家的爆款不可能一起增加。
    """
    return ratio(hits, hits + rival_hits, 0) / initial_city_share


@flow("1/month", "口碑变动", "Change of reputation")
def reputation_change(hit_standing: Term, reputation: Term, reputation_time: Term) -> Term:
    """Reputation follows the city's share of the country's hits, with the audience's and the trade's memory.

    中文：口碑随本市在全国爆款中的份额变化，有记忆。

    Why: First-order memory of standing; fame that never fades would make the first hit last to 2030.

    为何：对名声的一阶记忆；若从不消退，第一部爆款能管到2030年。
    """
    return (hit_standing - reputation) / reputation_time


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

    Why: Steeper than hits, since juries choose from the top; the exponent is a parameter and not a guess in the code.

    为何：比爆款更陡，因为评选取最好的；指数是参数，不是写死的猜测。

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

    Why: Counted from the plan's date, because its target of 50 cannot mean works from before it.

    为何：自方案发布起计，因为五十部的目标不会指之前的作品。

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

    Why: Slowly towards what scripts and lead firms support, between nothing and all; owning rights needs years of
    money and trust, so no jump.

    为何：缓慢趋向剧本与龙头所能支撑的份额，限在零与一之间；握有版权要靠多年的钱与信用，不会跳变。
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
