"""The named loops in words, and their weights as a table."""

from __future__ import annotations

from collections.abc import Sequence

from shudian.answers.loop_weights import loop_weights
from shudian.kinds import Language, Loop, Model, Scenario
from shudian.posterior_file import Posterior
from shudian.quantities import FIRST_YEAR, MONTHS
from shudian.report.words.captions import posterior_mark
from shudian.wording import say


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
