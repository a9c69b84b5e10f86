"""AI and virtual production: the city learns, wins AI-native titles, and needs fewer hands for live action."""

from shudian.equations.language import Term, auxiliary, flow, log, maximum, minimum, ratio, stock


@auxiliary("1", "本市AI份额", "City share of AI-native titles")
def city_ai_share(
    ai_capability: Term,
    ai_native_share: Term,
    initial_ai_city_share: Term,
    ai_share_sensitivity: Term,
    effect_floor: Term,
) -> Term:
    """City share of the country's AI-native titles; rises with its capability against the national frontier.

    中文：全国AI原生作品中本市的份额，随本市能力相对全国前沿的高低而变。
    """
    lag = maximum(ai_native_share / maximum(ai_capability, effect_floor * ai_native_share), effect_floor)
    others = (1 - initial_ai_city_share) / initial_ai_city_share * lag**ai_share_sensitivity
    return 1 / (1 + others)


@auxiliary("title/month", "AI作品订单", "AI-native orders")
def ai_orders(national_ai_titles: Term, city_ai_share: Term) -> Term:
    """AI-native titles that the city could win.

    中文：本市每月可争取到的AI原生作品。
    """
    return national_ai_titles * city_ai_share


@auxiliary("person", "所需人手", "Labour needed")
def labour_need(
    ai_orders: Term,
    ai_person_days_per_title: Term,
    desired_completions: Term,
    person_days_per_title: Term,
    working_days_per_month: Term,
) -> Term:
    """People whom all AI-native and live-action titles on hand could use now.

    中文：当前全部AI作品与实拍作品可用的人手。
    """
    days = ai_orders * ai_person_days_per_title + desired_completions * person_days_per_title
    return days / working_days_per_month


@auxiliary("1", "人手满足程度", "Labour coverage")
def labour_coverage(productive_workforce: Term, labour_need: Term) -> Term:
    """Share of the labour needed that is there; AI-native and live-action titles go short alike.

    中文：所需人手的满足比例；AI作品与实拍作品同等短缺。
    """
    return minimum(1, ratio(productive_workforce, labour_need, 1))


@auxiliary("title/month", "完成AI作品", "AI-native title completions")
def ai_title_completions(ai_orders: Term, labour_coverage: Term) -> Term:
    """AI-native titles that the city makes: those it wins, as far as there are people to make them.

    中文：本市每月完成的AI原生作品：争取到的订单中有人手完成的部分。
    """
    return ai_orders * labour_coverage


@auxiliary("person", "AI作品用工", "People on AI-native titles")
def ai_workers(ai_title_completions: Term, ai_person_days_per_title: Term, working_days_per_month: Term) -> Term:
    """People who work on AI-native titles.

    中文：从事AI原生作品制作的人手。
    """
    return ai_title_completions * ai_person_days_per_title / working_days_per_month


@flow("1/month", "技术采用", "AI adoption")
def ai_adoption(
    ai_native_share: Term,
    ai_capability: Term,
    ai_adoption_rate: Term,
    wage_index: Term,
    ai_wage_response: Term,
    ai_support_spending: Term,
    ai_support_reference: Term,
    ai_support_effect: Term,
    effect_floor: Term,
) -> Term:
    """The city catches up with the national frontier; dear labour and public support speed it.

    中文：本市追赶全国前沿；人工贵、有扶持则快。
    """
    support = maximum(0, 1 + ai_support_effect * log(1 + ai_support_spending / ai_support_reference))
    wages = maximum(wage_index, effect_floor) ** ai_wage_response
    return maximum(0, ai_native_share - ai_capability) * ai_adoption_rate * wages * support


@flow("1/month", "干中学", "AI learning by doing")
def ai_learning(
    ai_title_completions: Term,
    title_completions: Term,
    ai_capability: Term,
    ai_learning_rate: Term,
    loop_r7_learning: Term,
) -> Term:
    """Capability grows with the weight of AI-native titles in what the city makes.

    中文：AI作品在本市产量中越重，能力提升越快。
    """
    weight = ratio(ai_title_completions, ai_title_completions + title_completions, 0)
    return loop_r7_learning * ai_learning_rate * weight * (1 - ai_capability)


@flow("1/month", "能力过时", "AI obsolescence")
def ai_obsolescence(ai_capability: Term, ai_obsolescence_rate: Term) -> Term:
    """Tools and skills age.

    中文：工具与技能会过时。
    """
    return ai_capability * ai_obsolescence_rate


@stock("1", "本市AI能力", "City AI capability", initial="ai_capability_initial")
def ai_capability(ai_adoption: Term, ai_learning: Term, ai_obsolescence: Term) -> Term:
    """AI and virtual-production capability of the city, on the scale of the national AI-native share (0 to 1).

    中文：本市AI与虚拟制作能力，与全国AI原生占比同一标度（0—1）。
    """
    return ai_adoption + ai_learning - ai_obsolescence
