"""What firms take in against what they need, by how far along they are, and the distress of those that fall short."""

from shudian.equations.language import Term, auxiliary, exp, flow, maximum, minimum, ratio, stock


@auxiliary("1", "收入覆盖", "Cover")
def coverage(
    local_output: Term,
    lead_income: Term,
    support_to_firms: Term,
    ordinary_firms: Term,
    viable_revenue: Term,
    coverage_ceiling: Term,
) -> Term:
    """What ordinary firms take in, paid support included, over what they need; 1 just keeps them going.

    中文：中小企业收入（含实际到账的扶持，不含龙头营收）与维持经营所需之比，恰好为 1 即可维持。

    Why: Income over need, cut at a ceiling, because growth beyond several times the need moves nobody more; uncut, one
    rich quarter would decide years.

    为何：收入与所需之比，并封顶：超过几倍之后不再多带来进入；不封顶，一个好季度会左右数年。
    """
    income = local_output - lead_income + support_to_firms
    return minimum(coverage_ceiling, ratio(income, ordinary_firms * viable_revenue, coverage_ceiling))


@auxiliary("1", "初创企业占比", "Share of start-ups")
def startup_share(startups: Term, ordinary_firms: Term) -> Term:
    """Share of ordinary firms that are start-ups.

    中文：中小企业中初创企业的份额。
    """
    return ratio(startups, ordinary_firms, 0)


@auxiliary("1", "扶持覆盖面", "Breadth of support")
def support_breadth(
    subsidy_claims: Term, rent_claims: Term, award_claims: Term, production_subsidy_eligible_share: Term
) -> Term:
    """How many get what is claimed now: relief is for all, a subsidy for the titles that qualify, awards for a few.

    中文：当前申领的扶持惠及多少企业：场地补贴人人可得，制作补贴限于合格作品，奖励只给少数。

    Why: An average over kinds of claims: relief reaches all, awards a few; which firms really get support is not
    published.

    为何：按申领种类加权：场地补贴人人可得，奖励只给少数；到底哪些企业拿到没有公布。
    """
    wide = rent_claims + subsidy_claims * production_subsidy_eligible_share
    return ratio(wide, rent_claims + subsidy_claims + award_claims, 1)


@auxiliary("1", "初创企业得扶持比例", "Start-ups' part of support")
def startup_support_share(startup_share: Term, support_selectivity: Term, support_breadth: Term) -> Term:
    """Start-ups' part of the support that reaches firms: their share of firms where it is wide, less where it selects.

    中文：到企扶持中初创企业所得的份额：覆盖面宽则与其企业数相称，择优则较少。

    Why: In proportion to their number where support is wide, less where it selects; the strength of selection is
    uncertain.

    为何：覆盖面宽时按家数，择优时较少；择优的强弱不确定。
    """
    return startup_share * (1 - support_selectivity * (1 - support_breadth))


@auxiliary("1", "初创企业收入覆盖", "Cover of start-ups")
def startup_coverage(
    viable_firms: Term,
    startup_income_ratio: Term,
    ordinary_firms: Term,
    startups: Term,
    startup_support_share: Term,
    support_to_firms: Term,
    viable_revenue: Term,
    coverage_ceiling: Term,
) -> Term:
    """What a start-up takes in over what it needs: the market gives it less than others, support as it is aimed.

    中文：初创企业收入与所需之比：市场给它的少于成熟企业，扶持则视投向而定。

    Why: Start-ups get a smaller slice of the market than their number and support as it is aimed; with one cover for
    all, support for the many and for the few did the same.

    为何：初创的市场份额低于其家数，扶持则看投向；若所有企业同一覆盖，扶持多数与扶持少数就没有区别。
    """
    market = ratio(viable_firms * startup_income_ratio, ordinary_firms, coverage_ceiling)
    support = ratio(startup_support_share * support_to_firms, startups * viable_revenue, 0)
    return minimum(coverage_ceiling, market + support)


@auxiliary("1", "成熟企业收入覆盖", "Cover of established firms")
def established_coverage(coverage: Term, startup_share: Term, startup_coverage: Term, coverage_ceiling: Term) -> Term:
    """What established firms take in over what they need: all that neither lead firms nor start-ups get.

    中文：成熟企业收入与所需之比：龙头与初创企业以外的全部收入。

    Why: What is left of income, so that nothing is earned twice.

    为何：收入的其余部分，使同一元不被赚两次。
    """
    rest = ratio(maximum(0, coverage - startup_share * startup_coverage), 1 - startup_share, coverage)
    return minimum(coverage_ceiling, rest)


@flow("1/month", "初创预期覆盖变动", "Start-ups learn")
def startup_expectation_change(startup_coverage: Term, expected_coverage: Term, cash_endurance: Term) -> Term:
    """Start-ups hold out for some months on their reserves, and founders look at some months before they come.

    中文：初创企业靠存款能撑数月，创业者也要观察数月。

    Why: Reserves make firms slow to give up and founders slow to come: smoothing over the months that they last.

    为何：存款使企业不会马上放弃、创业者不会马上来：按能撑的月数平滑。
    """
    return (startup_coverage - expected_coverage) / cash_endurance


@stock("1", "初创预期收入覆盖", "Expected cover of start-ups", initial="initial_coverage")
def expected_coverage(startup_expectation_change: Term) -> Term:
    """Cover as start-ups and founders see it over the last months.

    中文：初创企业与创业者据近数月看到的收入覆盖。
    """
    return startup_expectation_change


@flow("1/month", "成熟预期覆盖变动", "Established firms learn")
def established_expectation_change(
    established_coverage: Term, expected_established_coverage: Term, cash_endurance: Term, reserves_ratio: Term
) -> Term:
    """Established firms hold out longer: they have deeper reserves.

    中文：成熟企业存款更厚，能撑得更久。

    Why: The same smoothing over deeper reserves, so that old firms outlast young ones in one crisis.

    为何：同样平滑，存款更厚，同一场危机里老企业撑得更久。
    """
    return (established_coverage - expected_established_coverage) / (cash_endurance * reserves_ratio)


@stock("1", "成熟预期收入覆盖", "Expected cover of established firms", initial="initial_coverage")
def expected_established_coverage(established_expectation_change: Term) -> Term:
    """Cover as established firms see it over the last months.

    中文：成熟企业据近数月看到的收入覆盖。
    """
    return established_expectation_change


@auxiliary("1", "期初收入覆盖", "Initial cover")
def initial_coverage(initial_viable_firms: Term, initial_firms: Term, coverage_ceiling: Term) -> Term:
    """Cover at the start of 2023.

    中文：2023年初的收入覆盖。
    """
    return minimum(coverage_ceiling, ratio(initial_viable_firms, initial_firms, coverage_ceiling))


@auxiliary("1", "初创经营压力", "Distress of start-ups")
def distress(expected_coverage: Term, exit_slope: Term, loop_b10_shakeout: Term) -> Term:
    """How many times the hazard of calm years start-ups face: 1 while income covers needs, then rising steeply.

    中文：初创企业退出率相对平常年份的倍数：收入足以维持时为 1，不足则急剧上升，没有上限。

    Why: Exponential below need and 1 above it: with a bounded hazard a market at -99 % left 410 of 457 firms alive.
    Good times do not lower a hazard that age sets.

    为何：不足时按指数上升，足够时为一：若退出率有上限，市场减少99%时457家还剩410家。光景好也不会低于由年龄决定的退出
    率。

    Evidence: PRI-021, PRI-022
    """
    return exp(exit_slope * loop_b10_shakeout * maximum(0, 1 - expected_coverage))


@auxiliary("1", "成熟经营压力", "Distress of established firms")
def established_distress(expected_established_coverage: Term, exit_slope: Term, loop_b10_shakeout: Term) -> Term:
    """How many times the hazard of calm years established firms face.

    中文：成熟企业退出率相对平常年份的倍数，没有上限。

    Why: As for start-ups, on their own cover.

    为何：与初创相同，只是看自己的收入覆盖。

    Evidence: PRI-021, PRI-022
    """
    return exp(exit_slope * loop_b10_shakeout * maximum(0, 1 - expected_established_coverage))
