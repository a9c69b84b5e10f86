"""Do the notebooks run, from top to bottom, and say what the library says?

Each is executed in a kernel of its own, and a few of its numbers are computed again here with the library. This does
not establish that a notebook's figures are legible, nor that its explanations are understood.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from shudian.answers.calibration.questions import ask, chance, questions
from shudian.draws import prior_draws
from shudian.grounds import grounds_of, posterior_draws
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run
from shudian.structure import load_model
from shudian.value_of_information import Statistic, measured, variances_explained

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
NAMES = ("from_evidence_to_posterior", "which_definition", "what_we_cannot_know", "your_own_city", "five_questions")
TOLD = "told by the test:"


def _read(name: str) -> Any:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


@cache
def _executed(name: str) -> tuple[Any, dict[str, Any]]:
    """The executed notebook and the findings that it leaves behind."""
    notebook = _read(name)
    told = f"import json\nprint({TOLD!r} + json.dumps(findings))"
    notebook.cells.append(nbformat.v4.new_code_cell(told))
    NotebookClient(notebook, kernel_name="python3", timeout=120, allow_errors=False).execute()
    text = notebook.cells[-1].outputs[0]["text"]
    return notebook, json.loads(text.removeprefix(TOLD))


@cache
def _probabilities(scenario: str) -> dict[str, float]:
    model, posterior = load_model(), grounds_of("zhengzhou").posterior
    assert posterior is not None
    asked = [question for question in questions(model) if question.key.startswith("market_2027/")]
    found = ask(model, asked, scenario, posterior_draws(model, posterior, posterior.size, 1))
    return {question.key.split("/")[1]: chance(found[question.key], question) for question in asked}


def test_every_notebook_is_tested() -> None:
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_no_output_is_stored(name: str) -> None:
    code = [cell for cell in _read(name).cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_stands_in_both_languages(name: str) -> None:
    for cell in _read(name).cells:
        # a heading may be short; a paragraph in one language alone is not
        if cell.cell_type == "markdown":
            assert any("一" <= letter <= "鿿" for letter in cell.source)
            assert sum(letter.isascii() and letter.isalpha() for letter in cell.source) > 10


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_runs_without_a_warning_and_draws(name: str) -> None:
    notebook, _ = _executed(name)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output["text"] for output in outputs if output.get("name") == "stderr"]
    assert any("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.slow
def test_the_row_of_figures_draws_the_posterior_to_it() -> None:
    findings = _executed("from_evidence_to_posterior")[1]
    assert findings["report"] == "ZM03"
    model, posterior = load_model(), grounds_of("zhengzhou").posterior
    assert posterior is not None
    draws = posterior_draws(model, posterior, posterior.size, 1)
    run = bare_run(model, load_scenario("zhengzhou_2025", model.parameters), draws, ["cumulative_local_output"])[0]
    assert findings["centre"]["after"] == pytest.approx(np.median(run[24] - run[12]) / 1e4, rel=1e-6)
    assert findings["parameters"] == len(posterior.names)
    assert 0 < findings["kept"] < findings["parameters"]


@pytest.mark.slow
def test_the_definitions_have_the_probabilities_of_the_library() -> None:
    findings = _executed("which_definition")[1]
    for scenario in ("no_policy", "zhengzhou_2025"):
        assert findings["probability"][scenario] == pytest.approx(_probabilities(scenario))
    assert sum(findings["weights"]) == pytest.approx(1)


@pytest.mark.slow
def test_the_value_of_a_statistic_is_that_of_the_library() -> None:
    findings = _executed("what_we_cannot_know")[1]
    expected = _probabilities("zhengzhou_2025")
    assert {name: findings["probability"][name] for name in expected} == pytest.approx(expected)
    model, posterior = load_model(), grounds_of("zhengzhou").posterior
    assert posterior is not None
    draws = posterior_draws(model, posterior, posterior.size, 1)
    run = bare_run(model, load_scenario("zhengzhou_2025", model.parameters), draws, ["cumulative_local_output"])[0]
    audited = Statistic("audited", load_model().equation("local_output").label, relative_error=0.03)
    reached = (run[60] - run[48] >= 1e6).astype(float)
    (gain,) = variances_explained(reached[None], measured(audited, run[36] - run[24]), 1)
    assert findings["gains"]["audited_output/local_output"] == pytest.approx([gain.value, gain.standard_error])


@pytest.mark.slow
def test_another_city_is_not_called_calibrated() -> None:
    findings = _executed("your_own_city")[1]
    assert findings["calibrated"] is False
    assert findings["converged"] is False
    model = load_model("hangzhou")
    run = bare_run(
        model, load_scenario("baseline", model.parameters), prior_draws(model, 1000, 1), ["cumulative_local_output"]
    )[0]
    assert findings["interval"] == pytest.approx(list(np.quantile((run[60] - run[48]) / 1e4, [0.05, 0.95])))
    assert findings["factor"]["posterior"] < findings["factor"]["prior"]


@pytest.mark.slow
def test_one_import_gives_the_shipped_numbers_and_a_prior_moves_them() -> None:
    _, found = _executed("five_questions")
    wanted = _probabilities("zhengzhou_2025")
    assert [shipped for shipped, _ in found["chances"]] == pytest.approx([*wanted.values()])
    assert all(mine > shipped for shipped, mine in found["chances"])
    assert found["effective"][1] < found["effective"][0]
    assert found["boxes"] > 0
    assert found["worth"]["hindsight"] > found["worth"]["planned"]
