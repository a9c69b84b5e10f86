"""`shudian.compare`: packages beside each other on the same draws, ranked, priced and taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from shudian.analysis.assessment import Assessment
from shudian.analysis.verdicts import Verdicts
from shudian.answers.compare import Compared, CompareRequest
from shudian.answers.compare import compare as compared
from shudian.answers.handed import number, one_by_one
from shudian.face.asked import PackageOptions, Settings, settings, words
from shudian.face.tidy import chances, dataset_of, frame_of, measures, verdict_html, with_worth
from shudian.kinds import InputError, Language
from shudian.report.comparison.document import shock_titles
from shudian.report.comparison.reviews import csv
from shudian.report.comparison.words import headline

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def compare(*packages: str, set: Settings = (), value: float = 0.5, **asked: Unpack[PackageOptions]) -> CompareAnswer:
    """What `shudian compare` answers, as numbers; a yuan of additional output counts `value` yuan.

    `packages`, `set` and the rest are as in `shudian.run`. Raises InputError with the nearest name for every mistake.
    """
    if not packages:
        raise InputError('compare needs packages; name them as in sd.compare("baseline", "zhengzhou_2025")')
    request = CompareRequest(
        one_by_one(packages), settings=settings(set), value=number("value", value), **words(asked, PackageOptions)
    )
    return CompareAnswer(compared(request))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CompareAnswer:
    """What `compare` found."""

    comparison: Compared

    @property
    def verdicts(self) -> Verdicts:
        """The verdicts of every package, as `shudian.run` has them."""
        return self.comparison.choice.verdicts

    @property
    def assessment(self) -> Assessment:
        """All that is said beside the verdicts, as `shudian.analysis.assessment` has it."""
        return self.comparison.assessment

    @property
    def effective(self) -> float:
        """As `RunAnswer.effective`."""
        return self.verdicts.carried

    def frame(self) -> pd.DataFrame:
        """As `RunAnswer.frame`."""
        return measures(self.verdicts)

    def to_dataset(self) -> xr.Dataset:
        """`frame` over packages, measures and what is compared."""
        return dataset_of(self.frame(), "scenario", "measure", "compared")

    def chances(self) -> pd.DataFrame:
        """As `RunAnswer.chances`."""
        return chances(self.verdicts)

    def rankings(self) -> pd.DataFrame:
        """One row for a package by a criterion in a world, the best first: `place`, `mean`, `leads`, `ahead`.

        Criteria: definitions of the target (亿元), `reached/` before one (its chance), `jobs` (人), `benefit` (亿元);
        the world "" is the packages' own, the others are shocks. `leads` says whether it cannot be told apart from the
        first, and `ahead` is the probability that it has more than the first, draw by draw.
        """
        import pandas as pd

        rows = []
        for criterion, by_world in self.assessment.rankings.items():
            for world, found in by_world.items():
                first = found.order[0]
                for place, name in enumerate(found.order, 1):
                    ahead = 0.5 if name == first else found.pairs[name, first].ahead
                    rows.append(
                        {
                            "criterion": criterion, "world": world, "package": name, "place": place,
                            "mean": found.means[name], "leads": name in found.leaders, "ahead": ahead,
                        }
                    )  # fmt: skip
        return pd.DataFrame(rows)

    def prices(self) -> pd.DataFrame:
        """One row for what a package's money buys by the end of a year: 万元 a job, yuan a yuan of output.

        `nothing` is the share of draws in which nothing is added; the rest is the median and its 5-95 % range.
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "package": name, "what": what, "year": year, "unit": "万元/人" if what == "jobs" else "元/元",
                "median": found.median, "low": found.low, "high": found.high, "nothing": found.nothing,
            }
            for name, prices in self.assessment.prices.items()
            for (what, year), found in prices.items()
        )  # fmt: skip

    def regrets(self) -> pd.DataFrame:
        """One row for what a package falls short of the best one, by a criterion in a world, with its error."""
        import pandas as pd

        return pd.DataFrame(
            {
                "criterion": criterion, "world": world, "package": name,
                "regret": found.regrets[row, column], "standard_error": found.errors[row, column],
            }
            for criterion, found in self.assessment.regrets.items()
            for row, world in enumerate(found.worlds)
            for column, name in enumerate(found.names)
        )  # fmt: skip

    def contributions(self) -> pd.DataFrame:
        """One row for what a lever or instrument brings to a package: its Shapley value, alone, and on top of all."""
        import pandas as pd

        return pd.DataFrame(
            {
                "package": name, "lever": player, "outcome": outcome,
                "shapley": found.shapley[row, column], "standard_error": found.errors[row, column],
                "alone": found.alone[row, column], "last": found.last[row, column],
            }
            for name, found in self.assessment.contributions.items()
            for row, player in enumerate(found.players)
            for column, outcome in enumerate(self.assessment.outcomes)
        )  # fmt: skip

    def reviews(self) -> pd.DataFrame:
        """One row for a manner of reading the figures of a package's reviews: passed, wrong, and what it is worth.

        The manner "planned" is the package's own, "perfect" an immediate and exact figure, "blind" one that tells
        nothing, and "hindsight" the best way of each draw. Raises InputError where no package has reviews.
        """
        if not self.comparison.reviews:
            raise InputError("none of these packages has reviews; begin with evaluate_and_exit or pilot_first")
        return frame_of(csv(self.comparison.reviews, self.verdicts))

    def say(self, language: Language = "en") -> str:
        """What was found, in a sentence or two."""
        said = headline(self.assessment, self.verdicts, shock_titles(self.comparison, language), language)
        return with_worth(said, self.verdicts, language)

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        return verdict_html(self.verdicts, self.say())
