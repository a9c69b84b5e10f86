"""Which of the named loops drive the central run, year by year, by Loops That Matter."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from shudian.draws import Array
from shudian.exchange.vensim import equations_text
from shudian.grounds import reference_draw
from shudian.kinds import InputError, Language, Loop, Model, Scenario
from shudian.posterior_file import Posterior
from shudian.quantities import FIRST_YEAR, MONTHS
from shudian.report.captions import posterior_mark
from shudian.report.strings import say


def loop_weights(model: Model, scenario: Scenario, posterior: Posterior | None = None) -> dict[str, Array]:
    """Share of each named loop in the absolute scores of all named loops, [year from 2023], averaged over months.

    The scores are simlin's (Schoenberg, Davidsen and Eberlein 2020), of the run with every parameter at its median
    in `posterior` or, without one, in the priors. Months in which no named loop scores count for nothing.
    Raises InputError where simlin is not installed, and ValueError for a scenario whose budget is not equalised.
    """
    if not available():
        raise InputError("--loops needs simlin; install it with: pip install pysimlin")
    from shudian.exchange.simlin_witness import loop_scores

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shudian.mdl"
        path.write_text(equations_text(model, scenario, reference_draw(model, posterior)), encoding="utf-8")
        scores = loop_scores(path, model.loops)
    sizes = np.abs([scores[loop.name][:MONTHS] for loop in model.loops])
    total = sizes.sum(axis=0)
    shares = np.divide(sizes, total, out=np.zeros_like(sizes), where=total > 0)
    yearly = shares.reshape(len(model.loops), -1, 12).mean(axis=2)
    return {loop.name: weights for loop, weights in zip(model.loops, yearly, strict=True)}


def available() -> bool:
    """Whether simlin is installed."""
    try:
        import simlin  # noqa: F401
    except ImportError:
        return False
    return True


def loop_text(loop: Loop, model: Model, language: Language) -> str:
    """What a named loop is: its polarity, its story, and its variables in order."""
    around = [model.equation(name) for name in (*loop.variables, loop.variables[0])]
    path = " → ".join(f"{equation.label.text(language)} {equation.name}" for equation in around)
    polarity = say(f"polarity_{loop.polarity}", language)
    head = f"{loop.name} {loop.label.text(language)} ({polarity})"
    return "\n".join([head, "", loop.meaning.text(language), "", path])


def loop_weights_text(
    loops: Sequence[Loop], model: Model, scenario: Scenario, language: Language, posterior: Posterior | None = None
) -> str:
    """A table of the weights of `loops`, heaviest first, and how to read it."""
    weights = loop_weights(model, scenario, posterior)
    chosen = sorted(loops or model.loops, key=lambda loop: -weights[loop.name].mean())
    years = [str(FIRST_YEAR + i) for i in range(MONTHS // 12)]
    mark = posterior_mark(posterior, language)
    title = say("loops_title", language, scenario=scenario.title.text(language), mark=mark)
    lines = [title, "    " + "  ".join(years)]
    for loop in chosen:
        shares = "  ".join(f"{100 * share:3.0f}%" for share in weights[loop.name])
        polarity = say(f"polarity_{loop.polarity}", language)
        lines.append(f"{loop.name}  {shares}  {loop.label.text(language)} ({polarity})")
    return "\n".join([*lines, say("loops_method", language)])
