"""Titles of several prices: what each class is granted, what qualifies first, and what would have come anyway."""

from shudian.equations.language import Term, auxiliary, exp, maximum, minimum, ratio


@auxiliary("1", "头部作品占比", "Share of premium titles")
def title_class_premium(title_class_dear_share: Term, title_class_premium_share: Term) -> Term:
    """Share of live-action titles in the dearest class.

    中文：实拍作品中成本最高一档的份额。

    Evidence: NAT-159
    """
    return title_class_dear_share * title_class_premium_share


@auxiliary("1", "重点作品占比", "Share of key titles")
def title_class_key(title_class_dear_share: Term, title_class_premium_share: Term) -> Term:
    """Share of live-action titles above the regulator's threshold of key titles and below the dearest class.

    中文：达到重点微短剧投资门槛、但不属头部的作品份额。

    Evidence: ZG21
    """
    return title_class_dear_share * (1 - title_class_premium_share)


@auxiliary("1", "普通作品占比", "Share of ordinary titles")
def title_class_ordinary(title_class_dear_share: Term, title_class_small_share: Term) -> Term:
    """Share of live-action titles in the regulator's middle tier.

    中文：监管分类中“普通”一档的作品份额。

    Evidence: ZG21
    """
    return (1 - title_class_dear_share) * (1 - title_class_small_share)


@auxiliary("1", "小成本作品占比", "Share of small titles")
def title_class_small(title_class_dear_share: Term, title_class_small_share: Term) -> Term:
    """Share of live-action titles in the regulator's lowest tier.

    中文：监管分类中最低一档（“其他”）的作品份额。

    Evidence: ZG21
    """
    return (1 - title_class_dear_share) * title_class_small_share


@auxiliary("1", "平均相对成本", "Mean relative cost")
def title_class_mean(
    title_class_premium: Term,
    title_class_key: Term,
    title_class_ordinary: Term,
    title_class_small: Term,
    title_cost_premium: Term,
    title_cost_key: Term,
    title_cost_small: Term,
) -> Term:
    """Mean cost of a title, that of an ordinary one being 1.

    中文：各档作品的平均成本，以普通作品为 1。
    """
    dear = title_class_premium * title_cost_premium + title_class_key * title_cost_key
    return dear + title_class_ordinary + title_class_small * title_cost_small


@auxiliary("wanyuan/title", "普通作品成本", "Cost of an ordinary title")
def ordinary_title_cost(live_price: Term, title_class_mean: Term) -> Term:
    """Cost of a title of the middle tier, so that the mean over all classes is the price of the average title.

    中文：普通档作品的成本；各档平均即实拍承制价。

    Evidence: ZP04
    """
    return live_price / title_class_mean


@auxiliary("wanyuan/title", "普通作品应补额", "Rate on an ordinary title")
def ordinary_title_grant(production_subsidy_rate: Term, subsidised_cost_share: Term, ordinary_title_cost: Term) -> Term:
    """What the rate alone would grant an ordinary title, before the cap.

    中文：普通档作品只按比例计算、未受上限约束的补贴。

    Why: The rate on the part of cost that counts: rules exclude some cost, so a rate of 30 % is less.

    为何：比例乘可补成本：规则会剔除一部分，30%实际没有30%。

    Evidence: SZN-001
    """
    return production_subsidy_rate * subsidised_cost_share * ordinary_title_cost


@auxiliary("wanyuan/title", "头部作品补贴", "Grant per premium title")
def grant_premium(
    ordinary_title_grant: Term, title_cost_premium: Term, premium_tail: Term, production_subsidy_cap: Term
) -> Term:
    """Mean grant of a premium title: costs have a Pareto tail, so that a cap cuts ever fewer as it rises.

    With the exponent a, the mean of the smaller of a Pareto quantity above m and a cap k is
    m + m/(a-1) (1 - (m/k)^(a-1)) for k above m, and k below it.

    中文：头部作品的平均补贴：成本呈帕累托分布，上限越高，受其约束的作品越少。

    Why: Costs above the threshold have a Pareto tail, so that a cap acts over its whole range; with one average cost a
    cap binds for all titles or none.

    为何：门槛以上的成本呈帕累托分布，使上限在整个范围内都有作用；若只有一个平均成本，上限要么全受限，要么全不受。

    Evidence: SZN-002, SZN-003, SHH-002
    """
    mean = ordinary_title_grant * title_cost_premium
    least = mean * (premium_tail - 1) / premium_tail
    cut = ratio(least, maximum(production_subsidy_cap, least), 1) ** (premium_tail - 1)
    return minimum(least, production_subsidy_cap) + mean / premium_tail * (1 - cut)


@auxiliary("wanyuan/title", "重点作品补贴", "Grant per key title")
def grant_key(ordinary_title_grant: Term, title_cost_key: Term, production_subsidy_cap: Term) -> Term:
    """What a key title is granted: the rate on its cost, and never more than the cap.

    中文：一部重点作品可得的补贴：成本×比例，且不超过上限。

    Why: One cost for the class, between two thresholds of the regulator: a cap binds sharply only where titles are
    alike.

    为何：这一档用一个成本，介于监管的两个门槛之间：作品相近，上限才一刀切。
    """
    return minimum(ordinary_title_grant * title_cost_key, production_subsidy_cap)


@auxiliary("wanyuan/title", "普通作品补贴", "Grant per ordinary title")
def grant_ordinary(ordinary_title_grant: Term, production_subsidy_cap: Term) -> Term:
    """What an ordinary title is granted.

    中文：一部普通作品可得的补贴。

    Why: As for key titles, at the cost of the class.

    为何：同重点作品，用本档成本。
    """
    return minimum(ordinary_title_grant, production_subsidy_cap)


@auxiliary("wanyuan/title", "小成本作品补贴", "Grant per small title")
def grant_small(ordinary_title_grant: Term, title_cost_small: Term, production_subsidy_cap: Term) -> Term:
    """What a small title is granted.

    中文：一部小成本作品可得的补贴。

    Why: As for key titles, at the cost of the class.

    为何：同重点作品，用本档成本。
    """
    return minimum(ordinary_title_grant * title_cost_small, production_subsidy_cap)


@auxiliary("1", "合格头部作品", "Premium titles that qualify")
def eligible_premium(
    production_subsidy_eligible_share: Term, title_class_premium: Term, selection_by_cost: Term
) -> Term:
    """Premium titles that qualify, as a share of all titles: the dearest come first as far as selection follows cost.

    中文：合格的头部作品占全部作品的份额；评选看重投入时，成本高的先入选。

    Why: Between selection by lot and by cost, weighed by one parameter: juries favour large productions, how much is
    not printed.

    为何：介于抽签与按成本择优之间，由一个参数加权：评审偏爱大制作，偏多少没有公布。
    """
    first = minimum(production_subsidy_eligible_share, title_class_premium)
    alike = production_subsidy_eligible_share * title_class_premium
    return alike + selection_by_cost * (first - alike)


@auxiliary("1", "合格重点作品", "Key titles that qualify")
def eligible_key(
    production_subsidy_eligible_share: Term,
    title_class_premium: Term,
    title_class_key: Term,
    selection_by_cost: Term,
) -> Term:
    """Key titles that qualify, as a share of all titles; they follow the premium ones.

    中文：合格的重点作品占全部作品的份额；次于头部作品入选。

    Why: What the premium titles leave, by the same rule.

    为何：头部之后的名额，规则相同。
    """
    left = maximum(0, production_subsidy_eligible_share - title_class_premium)
    alike = production_subsidy_eligible_share * title_class_key
    return alike + selection_by_cost * (minimum(left, title_class_key) - alike)


@auxiliary("1", "合格小成本作品", "Small titles that qualify")
def eligible_small(production_subsidy_eligible_share: Term, title_class_small: Term, selection_by_cost: Term) -> Term:
    """Small titles that qualify, as a share of all titles; they come last.

    中文：合格的小成本作品占全部作品的份额；最后入选。

    Why: Last in the queue, by the same rule.

    为何：排在最后，规则相同。
    """
    last = maximum(0, production_subsidy_eligible_share + title_class_small - 1)
    alike = production_subsidy_eligible_share * title_class_small
    return alike + selection_by_cost * (last - alike)


@auxiliary("1", "合格普通作品", "Ordinary titles that qualify")
def eligible_ordinary(
    production_subsidy_eligible_share: Term, eligible_premium: Term, eligible_key: Term, eligible_small: Term
) -> Term:
    """Ordinary titles that qualify, as a share of all titles: the rest of what qualifies.

    中文：合格的普通作品占全部作品的份额，即合格作品的其余部分。

    Why: The remainder, so that the classes add up to the share that qualifies.

    为何：其余部分，使各档合计等于合格份额。
    """
    return production_subsidy_eligible_share - eligible_premium - eligible_key - eligible_small


@auxiliary("wanyuan/title", "每部作品平均补贴", "Grant over all titles")
def expected_grant(
    eligible_premium: Term,
    grant_premium: Term,
    eligible_key: Term,
    grant_key: Term,
    eligible_ordinary: Term,
    grant_ordinary: Term,
    eligible_small: Term,
    grant_small: Term,
) -> Term:
    """What the average title is granted, those that do not qualify counted with nothing.

    中文：全部作品平均每部可得的补贴，不合格的按零计。
    """
    dear = eligible_premium * grant_premium + eligible_key * grant_key
    return dear + eligible_ordinary * grant_ordinary + eligible_small * grant_small


@auxiliary("wanyuan/title", "单部补贴", "Grant per eligible title")
def grant_per_title(expected_grant: Term, production_subsidy_eligible_share: Term) -> Term:
    """What the average eligible title is granted: the rate on its cost, and never more than the cap.

    中文：合格作品平均每部可得的补贴：成本×比例，且不超过上限。

    Why: The mean over those that qualify, for readers; nothing follows from it.

    为何：合格作品的平均，供阅读；不影响其他变量。

    Evidence: SZN-001, SZN-002
    """
    return ratio(expected_grant, production_subsidy_eligible_share, 0)


@auxiliary("1", "补贴覆盖产值", "Share of production that qualifies")
def eligible_production_share(
    eligible_premium: Term,
    title_cost_premium: Term,
    eligible_key: Term,
    title_cost_key: Term,
    eligible_ordinary: Term,
    eligible_small: Term,
    title_cost_small: Term,
    title_class_mean: Term,
) -> Term:
    """What qualifies as a share of what all titles cost: more than its share in number where the dear come first.

    中文：合格作品占全部制作成本的份额；成本高的先入选时，大于其部数份额。

    Why: Weighed by cost, because but-for shares are of money and not of numbers.

    为何：按成本加权，因为“若无补贴”的比例按钱算，不按部数。
    """
    dear = eligible_premium * title_cost_premium + eligible_key * title_cost_key
    return (dear + eligible_ordinary + eligible_small * title_cost_small) / title_class_mean


@auxiliary("title/month", "受补作品", "Subsidised titles")
def subsidised_titles(
    title_completions: Term, production_subsidy_eligible_share: Term, support_delivered: Term
) -> Term:
    """Titles that receive the production subsidy.

    中文：获得制作补贴的作品。

    Why: The share that qualifies and is delivered, of all that is made.

    为何：全部作品中合格且兑现的份额。
    """
    return title_completions * production_subsidy_eligible_share * support_delivered


@auxiliary("1", "补贴争取的订单", "Orders won by the subsidy")
def subsidised_order_share(city_share: Term, subsidy_effect: Term) -> Term:
    """Share of the city's orders that it would not have without the subsidy, its rivals being what they are.

    中文：其他城市不变时，若无补贴便不会落到本市的订单份额。

    Why: The logit solved for the share without the subsidy, rivals as they are: exact, where a derivative would
    overstate large subsidies.

    为何：按logit精确算出没有补贴时的份额（对手不变）；用导数近似会高估大额补贴。

    Evidence: PRI-025, PRI-026
    """
    return 1 - 1 / (city_share + (1 - city_share) * exp(subsidy_effect))


@auxiliary("1", "因补贴而来占比", "But-for share")
def but_for_share(subsidised_order_share: Term, eligible_production_share: Term, support_delivered: Term) -> Term:
    """Share of what is subsidised that would not have been made here but for the subsidy; nil where that repels.

    中文：受补制作中，若无补贴便不会在本市制作的份额；补贴适得其反时为零。

    Why: Orders won over titles paid for, as the literature defines it (2-25 % in Bartik's review); cut at one and at
    nil.

    为何：争取到的与受补的之比，文献即如此定义（Bartik综述为2%—25%）；限在零与一之间。

    Evidence: PRI-027
    """
    won = ratio(maximum(0, subsidised_order_share), eligible_production_share * support_delivered, 0)
    return minimum(1, won)


@auxiliary("title/month", "因补贴而来的作品", "Additional titles")
def additional_titles(subsidised_titles: Term, but_for_share: Term) -> Term:
    """Subsidised titles that would not have been made in the city otherwise.

    中文：受补作品中若无补贴便不会来的部分。
    """
    return subsidised_titles * but_for_share


@auxiliary("title/month", "本来就会拍的受补作品", "Subsidised titles made anyway")
def windfall_titles(subsidised_titles: Term, but_for_share: Term) -> Term:
    """Subsidised titles that would have been made in the city anyway.

    中文：受补作品中没有补贴也会拍的部分。
    """
    return subsidised_titles * (1 - but_for_share)


@auxiliary("1", "政策引来的作品占比", "Share of incoming titles")
def incoming_title_share(
    city_share: Term, subsidy_effect: Term, locations_effect: Term, policy_pull: Term, matched_pull: Term
) -> Term:
    """Share of the city's titles that come for the subsidy or the open locations; what rivals match brings none.

    Rivals answer the city's pull as a whole, so that each part of it loses the same share.

    中文：因补贴或取景地而来本市拍摄的作品份额；被其他城市跟进抵消的部分不再引来作品，各项拉力按同一比例被抵消。

    Why: Like the subsidised share, for what brings crews from outside, less what rivals have matched of the whole
    pull.

    为何：与上同理，针对引来外地剧组的措施，并按总拉力被跟进的比例打折。
    """
    left = maximum(0, 1 - ratio(matched_pull, maximum(0, policy_pull), 0))
    pull = maximum(0, subsidy_effect + locations_effect) * left
    return 1 - 1 / (city_share + (1 - city_share) * exp(pull))


@auxiliary("1", "本地用工占比", "Local share of jobs")
def local_job_share(incoming_title_share: Term, visiting_crew_share: Term) -> Term:
    """Share of the work on live-action titles that people of the city do; who comes to shoot brings people along.

    中文：实拍用工中由本地人员承担的份额；外来剧组会带来自己的人。

    Why: Visiting crews bring a share of their own people: shooting rises and local jobs less, as the incentive studies
    find.

    为何：外来剧组自带一部分人：拍摄增加而本地就业增加较少，激励研究即如此发现。

    Evidence: PRI-025, PRI-026, PRI-027
    """
    return 1 - visiting_crew_share * incoming_title_share


@auxiliary("person", "外来剧组人员", "People in visiting crews")
def visiting_crew_jobs(
    title_completions: Term, person_days_per_title: Term, working_days_per_month: Term, local_job_share: Term
) -> Term:
    """People from elsewhere who work on titles in the city, in full-time equivalents; no local jobs.

    中文：外来剧组带来的人员（折合全职），不计入本地就业。

    Why: The other part of the work, shown apart so that it is not taken for local jobs.

    为何：用工的另一部分，单列以免当作本地就业。
    """
    return title_completions * person_days_per_title / working_days_per_month * (1 - local_job_share)
