"""What planners ask for: output under three definitions, titles, firms, jobs, national share, taxes."""

from shudian.equations.language import Term, auxiliary, flow, ratio, stock


@auxiliary("wanyuan/title", "单部产值", "Value per title")
def value_per_title(live_price: Term, service_ratio: Term) -> Term:
    """What the city books for one live-action title: the commission, and sets, post-production and other services.

    中文：一部实拍作品带来的本市产值：承制款加场地、后期等配套服务。

    Why: Services in proportion to the commission; the ratio is from one account of a shooting budget.

    为何：配套服务与承制款成比例；系数出自一份拍摄预算。

    Evidence: DX05
    """
    return live_price * (1 + service_ratio)


@auxiliary("wanyuan/month", "实拍产值", "Live-action output")
def live_output(title_completions: Term, value_per_title: Term) -> Term:
    """Titles times value per title.

    中文：实拍作品数×单部产值。
    """
    return title_completions * value_per_title


@auxiliary("wanyuan/month", "AI作品产值", "AI-native output")
def ai_output(ai_title_completions: Term, ai_price: Term) -> Term:
    """AI-native titles times their price.

    中文：AI原生作品数×单价。
    """
    return ai_title_completions * ai_price


@auxiliary("1", "自有IP净留存率", "Net margin of own IP")
def ip_net_margin(ip_net_margin_paid: Term, ip_net_margin_free: Term, free_share: Term) -> Term:
    """Share of gross market that the owner of a title keeps: it moves with the shift from paid to free viewing.

    中文：总流水中版权方净留下的份额，随付费转向免费而变。

    Why: Averaged by how a title is paid for: free titles buy less traffic and keep more.

    为何：按付费与免费的构成平均：免费作品投流少，留得多。

    Evidence: PRI-004, NAT-126
    """
    return ip_net_margin_paid * (1 - free_share) + ip_net_margin_free * free_share


@auxiliary("wanyuan/month", "自有IP收入", "Own-IP income")
def own_ip_income(content_market: Term, own_ip_share: Term, ip_net_margin: Term) -> Term:
    """What the city's firms keep of the gross market of the titles they own.

    中文：本市企业从自有版权作品总流水中留下的收入。
    """
    return content_market * own_ip_share * ip_net_margin


@auxiliary("wanyuan/month", "本地产值", "Local output")
def local_output(
    live_output: Term, ai_output: Term, own_ip_income: Term, overseas_income: Term, plus_income: Term
) -> Term:
    """Market under the bureau's definition: what producers and services in the city book.

    中文：本地产值口径：本市制作与服务企业入账的收入（实拍、AI、自有IP、出海、联动）。

    Evidence: ZM03, ZM04, ZM01
    """
    return live_output + ai_output + own_ip_income + overseas_income + plus_income


@auxiliary("wanyuan/month", "分摊市场", "Allocated market")
def allocated_market(local_output: Term, coverage_ratio: Term) -> Term:
    """Market under the consultancy's definition: a coverage ratio times local output.

    中文：机构分摊口径：口径系数×本地产值。

    Why: A ratio ties the two definitions: the consultancy's 38.5 and the bureau's 23 cannot be one number, and adding
    would make the gap the same in every year.

    为何：用系数连接两种口径：机构的38.5亿与主管部门的23亿不可能是同一个数；若用差额，每年就都一样。

    Evidence: ZM07, ZM08, ZM16
    """
    return coverage_ratio * local_output


@auxiliary("wanyuan/month", "内容流水", "Content market")
def content_market(
    national_market_with_ai: Term,
    title_completions: Term,
    live_price: Term,
    ai_output: Term,
    plus_orders: Term,
    production_spending: Term,
) -> Term:
    """What viewers and advertisers everywhere pay for titles made in the city: its share times the national market.

    The share is by production value, not by number: cheap AI-native titles would otherwise count like the others.

    中文：内容流水口径：全国总流水×本市份额（按制作金额计，而非部数，以免低价AI作品与实拍等量齐观）。

    Why: By production value and not by number: cheap AI titles would otherwise count like the others. It assumes that
    a yuan of production earns alike everywhere.

    为何：按制作金额而非部数分配，以免低价AI作品与实拍等量齐观；这里假定各地每元制作的流水相同。

    Evidence: ZD12
    """
    everywhere = production_spending + plus_orders * live_price
    return national_market_with_ai * ratio(title_completions * live_price + ai_output, everywhere, 0)


@auxiliary("title/month", "本市作品", "City titles")
def city_titles(title_completions: Term, ai_title_completions: Term) -> Term:
    """All titles made in the city, live action and AI-native.

    中文：本市每月完成的全部作品（实拍＋AI）。
    """
    return title_completions + ai_title_completions


@auxiliary("1", "全国占比", "National share of titles")
def city_title_share(city_titles: Term, national_supply: Term) -> Term:
    """City titles over all titles that reach the platforms.

    中文：本市作品占全国供给的份额。
    """
    return ratio(city_titles, national_supply, 0)


@auxiliary("title/month", "全国实拍作品", "National live-action titles")
def national_live_titles(title_completions: Term, rival_titles: Term) -> Term:
    """Live-action titles that the country makes in a month: this city's and the rivals'.

    中文：全国每月完成的实拍作品：本市与其他城市。
    """
    return title_completions + rival_titles


@auxiliary("1", "实拍全国占比", "National share of live-action titles")
def city_live_share(title_completions: Term, national_live_titles: Term) -> Term:
    """City live-action titles over those of the country: what reports of a city's share counted until AI titles came.

    中文：本市实拍作品占全国实拍作品的份额：AI作品大量出现之前，报道所说的占比即指此。

    Evidence: ZD12, ZD11, ZD16
    """
    return ratio(title_completions, national_live_titles, 0)


@auxiliary("person", "其他收入用工", "People behind other income")
def other_workers(
    own_ip_income: Term, overseas_income: Term, plus_income: Term, other_labour_share: Term, other_wage: Term
) -> Term:
    """People who distribute, translate and run events: the labour's part of that income over a wage.

    中文：从事发行、译制与活动的人手：这些收入中的人工部分÷人均月薪。

    Why: Labour's part of that income over a wage: income needs work; the first model had it without anybody.

    为何：这些收入中的人工部分除以月薪：有收入就要有人干活；最初的模型没有。

    Evidence: ZP14
    """
    return (own_ip_income + overseas_income + plus_income) * other_labour_share / other_wage


@auxiliary("person", "全职就业", "Full-time jobs")
def fte_jobs(
    title_completions: Term,
    person_days_per_title: Term,
    working_days_per_month: Term,
    local_job_share: Term,
    ai_workers: Term,
    other_workers: Term,
) -> Term:
    """Direct local jobs in full-time equivalents: person-days over working days, without visiting crews' own people.

    Those whom other income employs are counted too.

    中文：本地直接就业（折合全职）＝人日÷月工作日（不含外来剧组自带人员），加上其他收入对应的用工。

    Why: Work done and not work planned, without visitors' own people: idle staff are no jobs that support made.

    为何：按实际完成的工作计，不含外来人员；闲着的人不算扶持带来的岗位。
    """
    shooting = title_completions * person_days_per_title / working_days_per_month * local_job_share
    return shooting + ai_workers + other_workers


@auxiliary("person", "从业人数", "Heads employed")
def head_count(fte_jobs: Term, heads_per_fte: Term) -> Term:
    """Practitioners as reports count them: heads, gig workers included.

    中文：按人头口径的从业人员，含零工。

    Why: Heads are a multiple of full-time work, since reports count gig workers; equating them would triple
    productivity.

    为何：人数为全职的倍数，因为报道含零工；若视为相等，人均产出会差出数倍。

    Evidence: ZW01, ZW02, ZW04
    """
    return fte_jobs * heads_per_fte


@auxiliary("person", "间接就业", "Indirect jobs")
def indirect_jobs(head_count: Term, indirect_jobs_ratio: Term) -> Term:
    """Jobs elsewhere that hang on the trade; the ratio is one study's multiplier.

    中文：带动的间接就业；系数出自单一研究。

    Why: One study's multiplier, never fitted: it is arithmetic and not a count.

    为何：用单一研究的乘数，从不参与拟合：那是推算，不是统计。

    Evidence: PRI-001, NAT-078
    """
    return head_count * indirect_jobs_ratio


@auxiliary("wanyuan/month", "相关税收", "City taxes")
def city_taxes(local_output: Term, local_tax_rate: Term) -> Term:
    """Taxes from the trade that stay with the city.

    中文：行业产生、留归本市的税收。

    Why: A constant rate on output, since the trade's taxes are not published.

    为何：产值乘固定税率，因为行业税收没有公布。
    """
    return local_output * local_tax_rate


@auxiliary("park", "全链条基地", "Full-chain bases")
def full_chain_bases(parks_open: Term, full_chain_share: Term, private_full_chain_bases: Term) -> Term:
    """Bases that cover the whole chain from script to distribution: some of the open parks, and private ones.

    中文：覆盖剧本到发行全链条的基地：部分开放园区，以及民间基地。

    Why: A share of parks and the private ones: the plan's “1-2 bases” has no list.

    为何：园区的一个份额加民间基地：方案的“1—2个”没有名单。

    Evidence: ZG06
    """
    return private_full_chain_bases + parks_open * full_chain_share


@flow("title/month", "作品累计", "Titles added")
def titles_added(city_titles: Term) -> Term:
    """Feeds the count of all titles.

    中文：计入累计作品。
    """
    return city_titles


@stock("title", "累计作品", "Cumulative titles", initial="cumulative_titles_initial")
def cumulative_titles(titles_added: Term) -> Term:
    """Titles made in the city since 2023.

    中文：2023年以来本市累计作品。
    """
    return titles_added


@flow("firm/month", "新办企业累计", "Entries added")
def entries_added(firm_entry: Term, crossover_entry: Term) -> Term:
    """Feeds the count of new firms.

    中文：计入累计新办企业。
    """
    return firm_entry + crossover_entry


@stock("firm", "累计新办企业", "Cumulative firm entry", initial="cumulative_firms_initial")
def cumulative_firm_entry(entries_added: Term) -> Term:
    """Firms that have entered since 2023.

    中文：2023年以来累计新办的企业。
    """
    return entries_added


@flow("wanyuan/month", "产值累计", "Output added")
def output_added(local_output: Term) -> Term:
    """Feeds cumulative local output.

    中文：计入累计本地产值。
    """
    return local_output


@stock("wanyuan", "累计本地产值", "Cumulative local output", initial="cumulative_money_initial")
def cumulative_local_output(output_added: Term) -> Term:
    """Local output since 2023.

    中文：2023年以来累计本地产值。
    """
    return output_added


@auxiliary("wanyuan", "累计分摊市场", "Cumulative allocated market")
def cumulative_allocated_market(cumulative_local_output: Term, coverage_ratio: Term) -> Term:
    """Allocated market since 2023.

    中文：2023年以来累计分摊市场。

    Why: The same ratio on the cumulative sum, which holds because it does not change in time.

    为何：同一系数乘累计数；系数不随时间变，所以成立。
    """
    return cumulative_local_output * coverage_ratio


@flow("wanyuan/month", "内容流水累计", "Content market added")
def content_added(content_market: Term) -> Term:
    """Feeds the cumulative content market.

    中文：计入累计内容流水。
    """
    return content_market


@stock("wanyuan", "累计内容流水", "Cumulative content market", initial="cumulative_money_initial")
def cumulative_content_market(content_added: Term) -> Term:
    """Content market since 2023.

    中文：2023年以来累计内容流水。
    """
    return content_added


@flow("person", "就业累计", "Job-months added")
def job_months_added(fte_jobs: Term) -> Term:
    """Feeds cumulative work.

    中文：计入累计就业。
    """
    return fte_jobs


@stock("month*person", "累计就业人月", "Cumulative job-months", initial="job_months_initial")
def cumulative_job_months(job_months_added: Term) -> Term:
    """Person-months of full-time work since 2023.

    中文：2023年以来累计的全职人月。
    """
    return job_months_added


@flow("wanyuan/month", "税收累计", "Taxes added")
def taxes_added(city_taxes: Term) -> Term:
    """Feeds cumulative taxes.

    中文：计入累计税收。
    """
    return city_taxes


@stock("wanyuan", "累计税收", "Cumulative taxes", initial="cumulative_money_initial")
def cumulative_taxes(taxes_added: Term) -> Term:
    """Taxes that stayed with the city since 2023.

    中文：2023年以来留归本市的累计税收。
    """
    return taxes_added
