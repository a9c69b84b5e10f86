"""The form of a scenario's workbook: its sheets, lines and columns, as they are written and recognised."""

from __future__ import annotations

from shudian.kinds import Label

PACKAGE, LEVERS, ASSUMPTIONS = "package", "levers", "assumptions"
SHEETS = {PACKAGE: Label("方案", "Package"), LEVERS: Label("杠杆", "Levers"), ASSUMPTIONS: Label("假设", "Assumptions")}
"""The sheets that are read. Every other sheet is the planner's own."""

RETROSPECTIVE = ("retrospective", "回溯")
"""The key of a scenario file that chooses in the past, in either language."""
REVIEW = "review"
"""The key of a scenario file's reviews."""
RULES = ("at_least", "below", "growth_at_least", "growth_below")
"""What a review may hold its figure against; the last two hold its change on the year before."""
BRANCHES = ("passed", "failed")
REVIEWS_SHEET = Label("评估", "Reviews")
"""The sheet of reviews, which a workbook need not have."""
YES, NO = Label("是", "yes"), Label("否", "no")

ITEMS = {
    "base": Label("基础方案", "Base"),
    "city": Label("城市", "City"),
    "title.zh": Label("标题（中文）", "Title (Chinese)"),
    "title.en": Label("标题（英文）", "Title (English)"),
    "question.zh": Label("问题（中文）", "Question (Chinese)"),
    "question.en": Label("问题（英文）", "Question (English)"),
    "same_budget_as": Label("与此方案同预算", "Same budget as"),
    "retrospective": Label("回溯", "Retrospective"),
    "evidence": Label("依据编号", "Evidence"),
    "notes": Label("假定说明", "Note"),
}
"""Lines of the sheet of the package: key -> what stands in its first column; a note may have several lines."""

COLUMNS = {
    "label": Label("名称", "Name"),
    "name": Label("标识", "Identifier"),
    "unit": Label("单位", "Unit"),
    "range": Label("允许范围", "Range"),
    "default": Label("默认值", "Default"),
    "base": Label("基础方案中", "In the base"),
}
"""Columns of the other sheets that say what a row is about."""

STEP = {
    "value": Label("数值", "Value"),
    "start": Label("起始年月", "From month"),
    "ramp": Label("过渡月数", "Ramp in months"),
}
"""Columns to fill in; each stands once for every step, with the step's number behind its title."""
STEPS = 2
"""Steps of a schedule in one row of a new workbook; more rows of one name add more."""

MONTH_UNIT = ("年-月", "YYYY-MM")
NO_UNIT = ("—", *MONTH_UNIT)
"""What stands in the column of units where a value has none: a month, or a pure number."""

REVIEW_COLUMN = Label("评估", "Review")
"""Stands above the column of each review, with its number; and above what says for which review a row is."""
REVIEW_ITEMS = {
    "date": Label("评估年月", "Date"),
    "indicator": Label("指标", "Indicator"),
    "definition": Label("口径", "Definition"),
    "place": Label("地域", "Place"),
    "target": Label("目标", "Target"),
    "rule": Label("标准", "Rule"),
    "threshold": Label("阈值", "Threshold"),
    "delay": Label("晚几个月", "Months late"),
    "bias": Label("偏差", "Bias"),
    "error": Label("误差", "Error"),
    "rounding": Label("取整到", "Rounded to"),
    "after": Label("上一次须", "After one that was"),
}
"""Lines of the sheet of reviews: key -> what stands in its first column. Rule and threshold are one key of a file."""
DECIDED = {
    "review": REVIEW_COLUMN,
    "lever": Label("杠杆", "Lever"),
    "branch": Label("结果", "Outcome"),
    "value": STEP["value"],
    "unit": COLUMNS["unit"],
    "start": STEP["start"],
    "ramp": STEP["ramp"],
}
"""Columns of what follows from the reviews, below their lines; one step in a row."""
RULE_WORDS = {
    "at_least": Label("不低于", "at least"),
    "below": Label("低于", "below"),
    "growth_at_least": Label("比上年增长不低于", "grown by at least"),
    "growth_below": Label("比上年增长低于", "grown by less than"),
}
"""RULES, as they stand in a cell."""
INDICATOR_WORDS = {"cost_per_job": Label("每新增一个岗位花费", "cost of each job added")}
"""What can be looked at and is no indicator of the vocabulary."""
PLACE_WORDS = {"city": Label("本市", "the city"), "china": Label("全国", "the nation")}
BRANCH_WORDS = {"passed": Label("通过", "passed"), "failed": Label("不通过", "not passed")}
THEN = ("then", "届时")
"""What may stand for a month in a branch: that of the review."""
NO_REVIEW = Label("无", "none")
"""Stands in place of the first review's date where those of the base are to be held no longer."""
