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
REVIEWS_SHEET = Label("评估", "Reviews")
"""A sheet that is refused, because a workbook holds no reviews yet."""
BRANCHES = ("passed", "failed")
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
