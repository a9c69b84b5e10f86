"""The feedback loops that the model must contain, by name; `shudian.structure` finds each in the graph."""

from __future__ import annotations

from shudian.kinds import Label, Loop, Polarity

_ORDERS = ("city_attractiveness", "city_share", "city_orders")
_DELIVERY = ("order_backlog", "desired_completions", "title_completions")
_OUTPUT = ("live_output", "local_output")


def _loop(
    name: str, polarity: Polarity, switch: str, zh: tuple[str, str], en: tuple[str, str], *variables: str
) -> Loop:
    return Loop(name, Label(zh[0], en[0]), Label(zh[1], en[1]), polarity, variables, switch)


LOOPS: tuple[Loop, ...] = (
    _loop(
        "R1", "reinforcing", "loop_r1_cluster",
        ("集聚", "企业越多，配套越厚，订单越多，又养活更多企业"),
        ("Cluster", "more firms, thicker services, more orders, which feed more firms"),
        "ordinary_firms", "agglomeration", *_ORDERS, *_DELIVERY, *_OUTPUT, "viable_firms", "entering_firms",
        "firm_entry", "startups",
    ),
    _loop(
        "R2", "reinforcing", "loop_r2_reputation",
        ("口碑", "作品出爆款，爆款带口碑，口碑带订单"),
        ("Reputation", "titles bring hits, hits bring reputation, reputation brings orders"),
        "title_completions", "hits", "hit_standing", "reputation_change", "reputation", "reputation_effect", *_ORDERS,
        *_DELIVERY[:2],
    ),
    _loop(
        "R3", "reinforcing", "loop_r3_talent",
        ("人才", "有活就招人，人多则交付快，交付快则订单多"),
        ("Talent", "work brings people, people deliver sooner, and prompt delivery brings work"),
        "expected_orders", "desired_production", "desired_workforce", "hiring", "newcomers", "maturation",
        "experienced", "productive_workforce", "workforce_capacity", "title_completions", "waiting_time",
        "congestion", *_ORDERS, "expectation_change",
    ),
    _loop(
        "R4", "reinforcing", "loop_r4_capacity",
        ("场地", "订单引来场地投资，场地多则等待短，等待短则订单多"),
        ("Capacity", "orders bring sets, sets shorten the wait, and a short wait brings orders"),
        "expected_orders", "desired_production", "desired_capacity", "construction_starts",
        "capacity_under_construction", "capacity_completion", "capacity", "effective_capacity", "set_capacity",
        "title_completions", "waiting_time", "congestion", *_ORDERS, "expectation_change",
    ),
    _loop(
        "R5", "reinforcing", "loop_r5_fiscal",
        ("财政", "产值带来税收，税收充实预算，预算支撑扶持"),
        ("Fiscal", "output brings taxes, taxes fill the budget, and the budget keeps promises of support"),
        "local_output", "city_taxes", "tax_recycling", "budget_balance", "claims_payment",
        "credibility_change", "support_credibility", "support_effectiveness", "net_subsidy_rate",
        "subsidy_effect", "policy_pull", *_ORDERS, *_DELIVERY, "live_output",
    ),
    _loop(
        "R6", "reinforcing", "loop_r6_recycling",
        ("基金循环", "投资收回后再投"),
        ("Fund recycling", "returned capital is invested again"),
        "fund_invested", "fund_return", "fund_reinvestment", "fund_cash", "fund_investment",
    ),
    _loop(
        "R7", "reinforcing", "loop_r7_learning",
        ("AI学习", "做得越多越会做，越会做接得越多"),
        ("AI learning", "making AI titles builds the capability that wins them"),
        "ai_capability", "city_ai_share", "ai_orders", "ai_title_completions", "ai_learning",
    ),
    _loop(
        "R8", "reinforcing", "loop_r8_capital",
        ("资本积累", "作品赚到钱，钱又垫得起更多作品"),
        ("Capital", "titles earn money, and money carries more titles"),
        "title_completions", "profit_retained", "working_capital", "money_at_hand", "finance_capacity",
    ),
    _loop(
        "B1", "balancing", "loop_b1_crowding",
        ("拥挤", "订单多则场地紧、成本高，订单外流"),
        ("Crowding", "orders make sets tight and dear, and orders go elsewhere"),
        "order_backlog", "desired_completions", "set_pressure", "city_cost_index", "congestion", *_ORDERS,
    ),
    _loop(
        "B2", "balancing", "loop_b2_building",
        ("场地饱和", "缺口补上，便不再建"),
        ("Building stops", "with the gap filled nobody builds"),
        "capacity", "effective_capacity", "construction_starts", "capacity_under_construction",
        "capacity_completion",
    ),
    _loop(
        "B3", "balancing", "loop_b3_sharing",
        ("全国订单共享", "一处拿走的订单，别处（包括下个月的自己）便拿不到"),
        ("Shared demand", "an order taken is gone, for others and for next month"),
        "open_commissions", "city_orders",
    ),
    _loop(
        "B4", "balancing", "loop_b4_sameness",
        ("同质化", "量大则同质，同质则品质与爆款率下降，口碑与订单随之下降"),
        ("Sameness", "volume breeds sameness, which costs quality, hits, reputation and orders"),
        "title_completions", "own_sameness_change", "own_sameness", "title_quality", "hits", "hit_standing",
        "reputation_change", "reputation", "reputation_effect", *_ORDERS, *_DELIVERY[:2],
    ),
    _loop(
        "B5", "balancing", "loop_b5_budget",
        ("预算耗尽", "申领越多，拖欠越久，扶持越不可信"),
        ("Budget exhaustion", "claims pile up, payment slips, and promises lose their pull"),
        "claims_unpaid", "credibility_change", "support_credibility", "support_effectiveness",
        "net_subsidy_rate", "subsidy_effect", "policy_pull", *_ORDERS, *_DELIVERY, "subsidy_claims", "claims_approval",
    ),
    _loop(
        "B6", "balancing", "loop_b6_rivals",
        ("对手反应", "份额上升引来模仿与跟进"),
        ("Rivals respond", "a gain in share is imitated"),
        "city_share", "rival_catching_up", "rival_attractiveness",
    ),
    _loop(
        "B7", "balancing", "loop_b7_seekers",
        ("逐补", "发钱引来逐补企业，挤占真正需要的企业"),
        ("Support-seekers", "cash draws those who come for cash, and they take it from those it is meant for"),
        "support_seekers", "seeker_claim_share", "support_effectiveness", "net_subsidy_rate", "subsidy_effect",
        "policy_pull", *_ORDERS, *_DELIVERY, "subsidy_claims", "claims_approval", "claims_unpaid", "claims_payment",
        "support_cash", "seeker_entry",
    ),
    _loop(
        "B8", "balancing", "loop_b8_guarantee",
        ("平台保底", "供给多了，平台便不愿保底，制作支出与订单下降"),
        ("Platform guarantee", "with many titles on offer platforms guarantee less, and less is spent on making them"),
        "title_completions", "attended_supply", "national_sameness", "guarantee_change",
        "platform_guarantee_level", "production_share", "live_budget", "national_live_commissions",
        "commissions_offered", "open_commissions", "city_orders", *_DELIVERY[:2],
    ),
    _loop(
        "B9", "balancing", "loop_b9_substitution",
        ("AI替代", "人工贵促使用AI，用AI则每部用工减少，人工又松"),
        ("AI substitution", "dear labour speeds AI, AI saves labour, and labour is less dear"),
        "wage_index", "ai_adoption", "ai_capability", "person_days_per_title", "desired_workforce",
        "labour_tightness", "wage_change",
    ),
    _loop(
        "B10", "balancing", "loop_b10_shakeout",
        ("优胜劣汰", "收入不足则企业退出，留下的企业收入又够了"),
        ("Shake-out", "short income drives firms out, and those that stay have enough"),
        "ordinary_firms", "startup_coverage", "startup_expectation_change", "expected_coverage", "distress",
        "startup_exit", "startups",
    ),
)  # fmt: skip
