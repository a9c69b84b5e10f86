"""Firms as the register counts them: lapsed ones that are not yet struck off, and those that came for the subsidy."""

from shudian.equations.language import Term, auxiliary, flow, maximum, ratio, stock


@flow("firm/month", "逐补企业进入", "Entry of support-seekers")
def seeker_entry(support_cash: Term, seeker_cash_share: Term, cash_per_seeker: Term) -> Term:
    """Firms that register for the cash: a share of the money paid, over what makes one come.

    中文：为拿补贴而来的企业：与发放的资金成正比。

    Why: In proportion to cash paid: they come for money and not for the trade, so output plays no part.

    为何：与发放的现金成正比：为钱而来，与行业好坏无关。
    """
    return support_cash * seeker_cash_share / cash_per_seeker


@flow("firm/month", "逐补企业离开", "Exit of support-seekers")
def seeker_exit(support_seekers: Term, seeker_stay_time: Term) -> Term:
    """They leave after a time; when the cash stops, none follow.

    中文：逐补企业到期离开；资金一停，便不再有人来。

    Why: They stay for a mean time; leaving the day payments stop would make support-ends harmless in the register.

    为何：平均停留一段时间；若一停发当天就走，登记数里就看不出退出的后果。
    """
    return support_seekers / seeker_stay_time


@stock("firm", "逐补企业", "Support-seekers", initial="support_seekers_initial")
def support_seekers(seeker_entry: Term, seeker_exit: Term) -> Term:
    """Firms that are in the city for its cash; registered, but making nothing.

    中文：只为补贴而注册、不产出作品的企业。
    """
    return seeker_entry - seeker_exit


@auxiliary("1", "逐补占用比例", "Share lost to support-seekers")
def seeker_claim_share(support_seekers: Term, active_firms: Term, loop_b7_seekers: Term) -> Term:
    """Share of support that support-seekers take from those it is meant for.

    中文：被逐补企业占用的扶持份额。

    Why: They claim as often as anybody, head for head; no audit says more.

    为何：按家数与他人同样申领；没有审计说得更细。
    """
    return loop_b7_seekers * ratio(support_seekers, support_seekers + active_firms, 0)


@flow("firm/month", "失效登记", "Registrations that lapse")
def registrations_lapsing(
    startup_exit: Term, established_exit: Term, registered_ratio: Term, seeker_exit: Term
) -> Term:
    """Registrations left behind by firms that gave up and by support-seekers that went.

    中文：退出企业与离开的逐补企业留下的登记。

    Why: Each firm that ends leaves its registrations behind; registers are cleared by others, later.

    为何：每家停业企业留下登记，注销是以后别人的事。
    """
    return (startup_exit + established_exit) * registered_ratio + seeker_exit


@flow("firm/month", "注销", "Striking off")
def striking_off(lapsed_registrations: Term, strike_off_time: Term) -> Term:
    """Lapsed registrations are struck off a year or more later.

    中文：失效的登记一年或更久之后才注销。

    Why: First-order over a year or more: lapsed firms stay in the 820 that are reported.

    为何：一年以上的一阶时滞：停业企业仍在公布的820余家里。

    Evidence: PRI-009
    """
    return lapsed_registrations / strike_off_time


@stock("firm", "失效未注销登记", "Lapsed registrations", initial="initial_lapsed_registrations")
def lapsed_registrations(registrations_lapsing: Term, striking_off: Term) -> Term:
    """Firms still on the register that are no longer there.

    中文：已停业、仍在登记册上的企业。
    """
    return registrations_lapsing - striking_off


@auxiliary("firm", "期初失效登记", "Initial lapsed registrations")
def initial_lapsed_registrations(
    initial_firms: Term, established_hazard: Term, registered_ratio: Term, strike_off_time: Term
) -> Term:
    """Lapsed registrations at the start of 2023, from exits at the rate of calm years.

    中文：2023年初的失效登记，按平常年份的退出率推算。
    """
    return initial_firms * established_hazard * registered_ratio * strike_off_time


@auxiliary("firm", "登记企业", "Registered firms")
def registered_firms(
    active_firms: Term, support_seekers: Term, lapsed_registrations: Term, registered_ratio: Term
) -> Term:
    """Firms as registration counts them: active ones times a ratio, support-seekers, and those not yet struck off.

    中文：按登记口径的企业数：活跃企业×口径系数＋逐补企业＋失效未注销的企业。

    Why: A ratio for double registrations, plus what is not active; equating registered and active firms would make 710
    of 290.

    为何：重复登记用系数，再加不活跃的；若把登记当活跃，290家就成了710家。

    Evidence: ZE02, ZE03, ZE05
    """
    return active_firms * registered_ratio + maximum(0, support_seekers) + lapsed_registrations
