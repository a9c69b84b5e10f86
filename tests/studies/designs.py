"""The study behind seeds/studies/designs.json, which the page shows: the cheapest mix for each shipped target, or a no.

    python tests/studies/designs.py            every question: some minutes of two cores
    python tests/studies/designs.py 1 3 --draws 300
                                               some of them, from 1 on, on fewer draws, as their commands say

The page shows it as long as its digest is that of model, posterior and scenarios; a test says when it is not.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from shudian.answers.design import DesignRequest, design
from shudian.kinds import LANGUAGES
from shudian.now import default_now
from shudian.page.designs import QUESTIONS, designs_file, digest
from shudian.quantities import write_month
from shudian.report.design import words


def main() -> None:
    """Ask what is asked for, and keep the answers, of which others stay as they are."""
    options = argparse.ArgumentParser()
    options.add_argument("numbers", type=int, nargs="*", default=[*range(1, len(QUESTIONS) + 1)])
    options.add_argument("--draws", type=int, default=1000)
    asked = options.parse_args()
    path = designs_file()
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"digest": "", "answers": []}
    kept = {entry["target"]: entry for entry in before["answers"] if before["digest"] == digest()}
    for number, (target, probability) in enumerate(QUESTIONS, 1):
        if number in asked.numbers:
            kept[target] = _asked(target, probability, asked.draws)
            answers = [kept[name] for name, _ in QUESTIONS if name in kept]
            text = json.dumps({"digest": digest(), "answers": answers}, ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")


def _asked(target: str, probability: float, draws: int) -> dict[str, Any]:
    request = DesignRequest(target, probability=probability, now=write_month(default_now()), draws=draws)
    found = design(request, lambda stage, share: print(f"\r{target} {stage} {share:.0%}   ", end="", file=sys.stderr))
    print(file=sys.stderr)
    told = {language: words.paragraphs(found, language) for language in LANGUAGES}
    return {
        "target": target, "by": request.by, "probability": probability, "now": request.now, "draws": request.draws,
        "seed": request.seed, "outcome": words.outcome(found), "runs": found.runs, "searched": found.searched,
        "fresh": found.fresh, "levers": len(found.problem.box.axes),
        "question": {language: words.target_text(found.problem.goal, language) for language in LANGUAGES},
        "answer": {language: words.headline(found, language) for language in LANGUAGES},
        "mix": {language: told[language][0] for language in LANGUAGES},
        "limits": {language: words.limits(found, language) for language in LANGUAGES},
    }  # fmt: skip


if __name__ == "__main__":
    main()
