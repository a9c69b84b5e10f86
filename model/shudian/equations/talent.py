"""People: newcomers become experienced; wages rise when hands are short and pull people in."""

from shudian.equations.language import Term, auxiliary, exp, flow, log, maximum, minimum, ratio, stock


@auxiliary("day*person/title", "单部人日", "Person-days per title")
def person_days_per_title(
    person_days_initial: Term,
    ai_labour_saving: Term,
    ai_capability: Term,
    ai_capability_initial: Term,
    quality_answer: Term,
    work_of_quality: Term,
    loop_b9_substitution: Term,
) -> Term:
    """Work in one live-action title; the city's AI capability saves some of it, a dearer title takes more.

    中文：一部实拍作品的用工量；本市AI能力会节省一部分，投入更大的作品用工更多。

    Why: AI saves a share for each step of capability and dearer titles take more: multiplicative, so that work never
    turns negative.

    为何：AI每进一步省去一个比例，投入大的作品用工多：用乘法，用工不会为负。

    Evidence: ZC07, ZZU-002
    """
    saving = ai_labour_saving * loop_b9_substitution * maximum(0, ai_capability - ai_capability_initial)
    return person_days_initial * exp(work_of_quality * quality_answer - saving)


@auxiliary("person", "从业队伍", "Workforce")
def workforce(newcomers: Term, experienced: Term) -> Term:
    """People who work in the city's micro-drama production, in full-time equivalents.

    中文：本市微短剧从业队伍（折合全职）。
    """
    return newcomers + experienced


@auxiliary("person", "有效人手", "Productive workforce")
def productive_workforce(experienced: Term, newcomers: Term, newcomer_productivity: Term) -> Term:
    """The workforce in units of an experienced person's work.

    中文：折合熟手的人手。

    Why: A newcomer is a fraction of an experienced person; learning by the title would need careers.

    为何：新手按比例折合熟手；按作品数学习，就需要个人经历。
    """
    return experienced + newcomers * newcomer_productivity


@auxiliary("person", "期望用工", "Desired workforce")
def desired_workforce(
    desired_production: Term,
    initial_orders: Term,
    person_days_per_title: Term,
    ai_orders: Term,
    ai_person_days_per_title: Term,
    working_days_per_month: Term,
    workforce_margin: Term,
    loop_r3_talent: Term,
) -> Term:
    """People whom the planned live-action production and the AI-native orders need.

    中文：计划的实拍产量与AI作品订单需要的人手。

    Why: Plans over working days with a margin, live and AI together, because they hire from one pool.

    为何：计划工作量除以工作日再留余量，实拍与AI合计，因为用的是同一批人。
    """
    titles = loop_r3_talent * desired_production + (1 - loop_r3_talent) * initial_orders
    days = titles * person_days_per_title + ai_orders * ai_person_days_per_title
    return days / working_days_per_month * workforce_margin


@auxiliary("1", "用工紧张度", "Labour tightness")
def labour_tightness(desired_workforce: Term, workforce: Term, effect_floor: Term) -> Term:
    """Wanted over available people; beyond twenty to one it makes no difference any more.

    中文：所需人手与现有人手之比；超过二十比一不再有区别。

    Why: A ratio with a bound, beyond which scarcity cannot be felt more; unbounded, an empty city would pay infinite
    wages.

    为何：比值并设界，超过之后不会更紧；不设界，没有人的城市工资会无穷大。
    """
    return minimum(ratio(desired_workforce, workforce, 1), 1 / effect_floor)


@flow("1/month", "工资变动", "Change of wages")
def wage_change(
    labour_tightness: Term, wage_index: Term, wage_elasticity: Term, wage_adjustment_time: Term, effect_floor: Term
) -> Term:
    """Wages move towards what tightness asks for.

    中文：工资逐步趋向紧张度决定的水平。

    Why: Towards a constant-elasticity level with delay: contracts and customs are sticky; a wage that clears each
    month is seen nowhere.

    为何：滞后地趋向弹性不变的水平：合同与惯例有粘性；没有哪里的工资每月出清。

    Evidence: ZP09, ZP10
    """
    indicated = exp(wage_elasticity * log(maximum(labour_tightness, effect_floor)))
    return (indicated - wage_index) / wage_adjustment_time


@stock("1", "工资指数", "Wage index", initial="wage_index_initial")
def wage_index(wage_change: Term) -> Term:
    """Wages in the trade, 1 when hands are neither short nor idle.

    中文：行业工资，人手供需平衡时为 1。
    """
    return wage_change


@flow("person/month", "招入", "Hiring")
def hiring(
    desired_workforce: Term, workforce: Term, hiring_time: Term, wage_index: Term, labour_supply_elasticity: Term
) -> Term:
    """People hired to close the gap; faster when wages are good.

    中文：为补缺口而招入的人；工资高则快。

    Why: Gap over time, faster by a power of wages: people come for pay; training has its own flow.

    为何：缺口除以时间，工资高则按幂次加快：人为钱来；培训另有流量。
    """
    return maximum(0, desired_workforce - workforce) / hiring_time * wage_index**labour_supply_elasticity


@flow("person/month", "培训新增", "Entrants through training")
def trained_entrants(people_trained: Term, training_additional_share: Term) -> Term:
    """People whom public training brings into the trade and who would not have come anyway.

    中文：因财政培训而真正新增的从业者。

    Why: Only the share that would not have come anyway, as with parks and subsidies.

    为何：只计否则不会来的，与园区、补贴同理。
    """
    return people_trained * training_additional_share


@flow("person/month", "成长为熟手", "Maturation")
def maturation(newcomers: Term, maturation_time: Term) -> Term:
    """Newcomers become experienced.

    中文：新手成长为熟手。

    Why: First-order: people learn at different speeds.

    为何：一阶时滞：人学得有快有慢。
    """
    return newcomers / maturation_time


@auxiliary("1/month", "裁减比例", "Layoff rate")
def layoff_rate(workforce: Term, desired_workforce: Term, layoff_time: Term) -> Term:
    """Fraction of the workforce let go in a month when there is less work than people.

    中文：活少人多时每月裁减的比例。

    Why: A rate of the whole workforce when there is too little work, so that nobody is let go twice; no order of
    dismissal is known.

    为何：活少时按全体的比例裁减，同一人不会被裁两次；先裁谁无从知道。
    """
    return ratio(maximum(0, workforce - desired_workforce), workforce, 0) / layoff_time


@flow("person/month", "新手离开", "Newcomers leave")
def newcomer_departure(newcomers: Term, newcomer_attrition: Term, layoff_rate: Term) -> Term:
    """Newcomers quit or are let go.

    中文：新手离职或被裁。

    Why: Own attrition and layoffs add, as hazards do.

    为何：自然离职与裁减相加，如同风险率。
    """
    return newcomers * (newcomer_attrition + layoff_rate)


@flow("person/month", "熟手离开", "Experienced people leave")
def experienced_departure(experienced: Term, experienced_attrition: Term, layoff_rate: Term) -> Term:
    """Experienced people quit or are let go.

    中文：熟手离职或被裁。

    Why: The same with a lower attrition: experience ties people.

    为何：规则相同，离职率较低：经验留人。
    """
    return experienced * (experienced_attrition + layoff_rate)


@stock("person", "新手", "Newcomers", initial="initial_newcomers")
def newcomers(hiring: Term, trained_entrants: Term, maturation: Term, newcomer_departure: Term) -> Term:
    """People new to the trade.

    中文：入行不久的从业者。
    """
    return hiring + trained_entrants - maturation - newcomer_departure


@stock("person", "熟手", "Experienced workers", initial="initial_experienced")
def experienced(maturation: Term, experienced_departure: Term) -> Term:
    """Experienced people in the trade.

    中文：有经验的从业者。
    """
    return maturation - experienced_departure


@auxiliary("1", "熟手占比", "Share of experienced people")
def experience_share(experienced: Term, workforce: Term) -> Term:
    """Share of the workforce that is experienced.

    中文：从业队伍中熟手的份额。
    """
    return ratio(experienced, workforce, 0)


@auxiliary("person", "期初所需人手", "Initial need of labour")
def initial_labour_need(initial_orders: Term, person_days_initial: Term, working_days_per_month: Term) -> Term:
    """People that the orders of the start of 2023 needed.

    中文：2023年初的订单所需人手。
    """
    return initial_orders * person_days_initial / working_days_per_month


@auxiliary("person", "期初从业队伍", "Initial workforce")
def initial_workforce(initial_labour_need: Term, initial_workforce_margin: Term) -> Term:
    """Workforce at the start of 2023.

    中文：2023年初的从业队伍。
    """
    return initial_labour_need * initial_workforce_margin


@auxiliary("person", "期初新手", "Initial newcomers")
def initial_newcomers(initial_workforce: Term, initial_experience_share: Term) -> Term:
    """Newcomers at the start of 2023.

    中文：2023年初的新手。
    """
    return initial_workforce * (1 - initial_experience_share)


@auxiliary("person", "期初熟手", "Initial experienced workers")
def initial_experienced(initial_workforce: Term, initial_experience_share: Term) -> Term:
    """Experienced workers at the start of 2023.

    中文：2023年初的熟手。
    """
    return initial_workforce * initial_experience_share
