"""`shudian.score`: the frozen forecasts beside what was printed after them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from shudian.forecasts.scored import NAIVES, Summary, summary_of
from shudian.forecasts.scores import Score
from shudian.forecasts.scoring import Scores, score_file, score_seeds
from shudian.kinds import Language
from shudian.report.document import finding, listed
from shudian.report.render.html import html
from shudian.report.words.forecast_text import left_lines, scored_tables, summary_lines, told_apart
from shudian.wording import say

if TYPE_CHECKING:
    import pandas as pd


_COLUMNS = [
    "figure", "geography", "indicator", "definition", "period_start", "period_end", "measure", "family", "unit",
    "printed_low", "printed_high", "median", "low_50", "high_50", "low_90", "high_90",
    *(field.name for field in fields(Score)), "log_score", *NAIVES, "origin", "certainty", "counts",
]  # fmt: skip


def score(figures: str | Path = "", register: str | Path = "") -> ScoreAnswer:
    """What `shudian score` answers, as numbers: a register (default: the newest) on a file of figures.

    Without a file, on what the seeds hold that the register did not know. Raises InputError for all mistakes of the
    file at once.
    """
    frozen = Path(register) if register else None
    return ScoreAnswer(score_file(Path(figures), frozen) if figures else score_seeds(frozen))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ScoreAnswer:
    """What `score` found."""

    scores: Scores

    def frame(self) -> pd.DataFrame:
        """One row for a printed number: what was printed, in `unit` or as a ratio to the year before, and forecast.

        `inside_50` and `inside_90` are the shares of what was printed that lie in the intervals `low_50` to `high_50`
        and `low_90` to `high_90`; scores and naive forecasts' errors are on the logarithmic scale. `counts` says
        whether the number is counted in the summaries.
        """
        import pandas as pd

        rows: list[dict[str, object]] = []
        for row in self.scores.rows:
            figure, fifty, ninety = row.figure, row.forecast.interval(0.5), row.forecast.interval(0.9)
            rows.append(
                {
                    "figure": figure.identifier, "geography": figure.geography, "indicator": figure.indicator,
                    "definition": figure.definition, "period_start": figure.period_start,
                    "period_end": figure.period_end, "measure": row.measure, "family": row.family,
                    "unit": figure.unit if row.measure == "level" else "1",
                    "printed_low": row.printed[0], "printed_high": row.printed[1], "median": row.forecast.median,
                    "low_50": fifty[0], "high_50": fifty[1], "low_90": ninety[0], "high_90": ninety[1],
                    **asdict(row.score), "log_score": row.log_score,
                    **{which: row.naive_error(which) for which in NAIVES},
                    "origin": row.origin, "certainty": row.certainty, "counts": row.counts,
                }
            )  # fmt: skip
        return pd.DataFrame(rows, columns=_COLUMNS)

    @property
    def summaries(self) -> dict[str, Summary]:
        """Coverage and mean scores of what counts: indicators that were `named`, `read` from text, and `known` before.

        Of these the last are no forecasts: the model was changed with them in the seeds.
        """
        parts = told_apart(self.scores, [row for row in self.scores.rows if row.counts])
        return {name: summary for name, rows in parts.items() if (summary := summary_of(rows)) is not None}

    def say(self, language: Language = "en") -> str:
        """How many numbers lay inside the intervals, and the mean scores, beside naive forecasts'."""
        found = self.summaries
        if not found:
            return say("score_nothing", language)
        name, summary = next(iter(found.items()))
        lines = [say(f"score_summary_{name}", language), *summary_lines(summary, language)]
        return ("" if language == "zh" else " ").join(lines)

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        left = left_lines(self.scores.left, "en")
        return html((finding(self.say()), *scored_tables(self.scores, "en"), *listed(say("score_left", "en"), *left)))
