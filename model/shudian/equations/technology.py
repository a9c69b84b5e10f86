"""AI and virtual production: the city learns, wins AI-native titles, and needs fewer hands for live action."""

from shudian.equations.language import TINY, Term, auxiliary, exp, flow, log, maximum, minimum, ratio, stock


@auxiliary("1", "本市AI份额", "City share of AI-native titles")
def city_ai_share(
    ai_capability: Term,
    rival_ai_capability: Term,
    initial_ai_city_share: Term,
    ai_share_sensitivity: Term,
    ai_talent_weight: Term,
    talent_effect: Term,
    effect_floor: Term,
) -> Term:
    """City share of the country's AI-native titles (logit): its capability against other cities', and its people.

    It may lag the country or lead it.

    中文：全国AI原生作品中本市的份额（logit 选择）：取决于本市能力相对其他城市的高低，以及人才；可落后，也可领先。

    Why: Logit like live orders, by capability against rivals and by people; a fixed share would leave AI support
    nothing to win.

    为何：与实拍一样用logit，看能力与人才相对对手；份额若固定，技术扶持便无可争取。

    Evidence: PRI-008
    """
    behind = rival_ai_capability / maximum(ai_capability, effect_floor * rival_ai_capability)
    others = (1 - initial_ai_city_share) / initial_ai_city_share * maximum(behind, effect_floor) ** ai_share_sensitivity
    return 1 / (1 + others * exp(-ai_talent_weight * talent_effect))


@auxiliary("title/month", "AI作品订单", "AI-native orders")
def ai_orders(national_ai_titles: Term, city_ai_share: Term) -> Term:
    """AI-native titles that the city could win.

    中文：本市每月可争取到的AI原生作品。
    """
    return national_ai_titles * city_ai_share


@auxiliary("day*person/title", "AI作品人日", "Person-days per AI title")
def ai_person_days_per_title(ai_cost: Term, ai_labour_share: Term, ai_day_wage: Term) -> Term:
    """Work in one AI-native title: the part of its cost that goes to people, over what a day of theirs costs.

    A title that costs less is a title on which fewer people work.

    中文：一部AI原生作品的用工量：成本中付给人的部分除以日薪；成本越低，用工越少。

    Why: Work is the wage part of cost: a title that gets cheaper employs fewer; a fixed number would employ millions
    at 2026's counts.

    为何：用工等于成本中的工资部分：越便宜用人越少；若用工固定，按2026年的部数要雇上百万人。
    """
    return ai_cost * ai_labour_share / ai_day_wage


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

    Why: AI and live titles draw on one pool of people, by their days.

    为何：AI与实拍按各自人日用同一批人。
    """
    days = ai_orders * ai_person_days_per_title + desired_completions * person_days_per_title
    return days / working_days_per_month


@auxiliary("1", "人手满足程度", "Labour coverage")
def labour_coverage(productive_workforce: Term, labour_need: Term) -> Term:
    """Share of the labour needed that is there; AI-native and live-action titles go short alike.

    中文：所需人手的满足比例；AI作品与实拍作品同等短缺。

    Why: Shortage is shared alike: who is served first is not known.

    为何：短缺时同等分摊：先满足谁无从知道。
    """
    return minimum(1, ratio(productive_workforce, labour_need, 1))


@auxiliary("title/month", "完成AI作品", "AI-native title completions")
def ai_title_completions(ai_orders: Term, labour_coverage: Term) -> Term:
    """AI-native titles that the city makes: those it wins, as far as there are people to make them.

    中文：本市每月完成的AI原生作品：争取到的订单中有人手完成的部分。

    Why: Orders as far as there are people; sets play no part in AI titles.

    为何：有多少人手完成多少订单；AI作品不占场地。
    """
    return ai_orders * labour_coverage


@auxiliary("person", "AI作品用工", "People on AI-native titles")
def ai_workers(ai_title_completions: Term, ai_person_days_per_title: Term, working_days_per_month: Term) -> Term:
    """People who work on AI-native titles.

    中文：从事AI原生作品制作的人手。

    Why: People are days over working days, as for live titles.

    为何：人数等于人日除以工作日，与实拍相同。
    """
    return ai_title_completions * ai_person_days_per_title / working_days_per_month


@auxiliary("1", "目标AI能力", "Indicated AI capability")
def indicated_ai_capability(
    ai_frontier: Term, ai_support_spending: Term, ai_support_reference: Term, ai_support_effect: Term
) -> Term:
    """The capability that the frontier and public support would bring about in the end.

    Support multiplies the odds of using what the frontier offers, so that more of it always counts for something, and
    for less the more everybody uses it anyway.

    中文：技术前沿与扶持最终能形成的能力。扶持提高采用前沿技术的几率：投入越多总有作用，而技术越普及，作用越小。

    Why: Support multiplies the odds of use: always some effect, less where all use it. Adding to capability let
    support exceed the frontier.

    为何：扶持提高采用的几率：总有作用，普及后变小。若直接加在能力上，会超过前沿。
    """
    odds = maximum(0, 1 + ai_support_effect * log(1 + ai_support_spending / ai_support_reference))
    return ai_frontier * odds / maximum(1 - ai_frontier + ai_frontier * odds, TINY)


@flow("1/month", "技术采用", "AI adoption")
def ai_adoption(
    indicated_ai_capability: Term,
    ai_capability: Term,
    ai_adoption_rate: Term,
    wage_index: Term,
    ai_wage_response: Term,
    effect_floor: Term,
) -> Term:
    """The city moves towards what the frontier and support allow; dear labour speeds it.

    中文：本市向前沿与扶持所允许的水平靠拢；人工越贵越快。

    Why: The gap closes at a rate that wages speed; no unlearning here, since obsolescence has its flow.

    为何：差距按一定速度缩小，工资高则快；本流量不倒退，过时另有流量。
    """
    wages = maximum(wage_index, effect_floor) ** ai_wage_response
    return maximum(0, indicated_ai_capability - ai_capability) * ai_adoption_rate * wages


@flow("1/month", "干中学", "AI learning by doing")
def ai_learning(
    ai_title_completions: Term,
    ai_price: Term,
    title_completions: Term,
    live_price: Term,
    ai_capability: Term,
    ai_learning_rate: Term,
    loop_r7_learning: Term,
) -> Term:
    """Capability grows with the weight of AI-native titles in the value of what the city makes.

    中文：AI作品在本市制作金额中越重，能力提升越快。

    Why: By the weight of AI in what the city makes, less the nearer to the end; by number of titles, cheap ones would
    teach most.

    为何：按AI在制作金额中的比重，越接近顶点越慢；若按部数，越便宜的教得越多。
    """
    made = ai_title_completions * ai_price
    weight = ratio(made, made + title_completions * live_price, 0)
    return loop_r7_learning * ai_learning_rate * weight * (1 - ai_capability)


@flow("1/month", "能力过时", "AI obsolescence")
def ai_obsolescence(ai_capability: Term, ai_obsolescence_rate: Term) -> Term:
    """Tools and skills age.

    中文：工具与技能会过时。

    Why: A constant hazard of tools going out of use.

    为何：工具淘汰率取常数。
    """
    return ai_capability * ai_obsolescence_rate


@stock("1", "本市AI能力", "City AI capability", initial="ai_capability_initial")
def ai_capability(ai_adoption: Term, ai_learning: Term, ai_obsolescence: Term) -> Term:
    """AI and virtual-production capability of the city, on the scale of the national frontier (0 to 1).

    中文：本市AI与虚拟制作能力，与全国技术前沿同一标度（0—1）。
    """
    return ai_adoption + ai_learning - ai_obsolescence
