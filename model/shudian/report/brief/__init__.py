"""The brief that a planner hands on: gathered once (content), written as Word, HTML and a workbook."""
