"""Are the model files in the repository those that the present model, seeds and baseline export?

Not established: that the files are right (test_do_other_engines_agree.py compares them with other engines).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shudian.exchange.export import Format, baseline_file, export, export_to, format_of, write_text
from shudian.kinds import InputError
from shudian.posterior import reference_draw, standing_posterior
from shudian.scenarios import load_scenario
from shudian.structure import load_model

FORMATS: tuple[Format, ...] = ("mdl", "xmile")


def plain(text: str) -> list[str]:
    """Lines with every decimal at nine digits: the last bits of a median are the machine's."""
    return re.sub(r"\d+\.\d+(e-?\d+)?", lambda number: f"{float(number[0]):.9g}", text).splitlines()


@pytest.mark.parametrize("format", FORMATS)
def test_the_file_in_the_repository_is_a_fresh_export(format: Format) -> None:
    model, file = load_model(), baseline_file(format)
    kept = plain(file.read_text(encoding="utf-8"))
    medians = reference_draw(model, standing_posterior("zhengzhou"))
    fresh = plain(export(model, load_scenario("baseline", model.parameters), format, medians))
    stale = [line for line in kept if line not in set(fresh)] + [line for line in fresh if line not in set(kept)]
    assert kept == fresh, (
        f"{file.name} is stale, first at {stale[:1]}; renew it with "
        f"`shudian export --scenario baseline --force -o {file.relative_to(file.parents[3])}`"
    )


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "model.mdl"
    write_text(place, "第一")
    with pytest.raises(InputError, match="already exists"):
        write_text(place, "second")
    assert place.read_text(encoding="utf-8") == "第一"
    write_text(place, "third", replace=True)
    assert place.read_text(encoding="utf-8") == "third"
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path / "absent" / "model.mdl", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["model.mdl"]


def test_the_name_of_the_file_says_its_format() -> None:
    assert [format_of(Path(name)) for name in ("a.mdl", "a.MDL", "a.xmile", "a.stmx")] == [
        "mdl",
        "mdl",
        "xmile",
        "xmile",
    ]
    with pytest.raises(InputError, match="ends in one of"):
        format_of(Path("model.vmf"))


def test_any_scenario_can_be_exported_with_its_budget_equalised(tmp_path: Path) -> None:
    place = tmp_path / "hangzhou.xmile"
    export_to(place, "hangzhou_mode_same_budget")
    assert "hangzhou_mode_same_budget" in place.read_text(encoding="utf-8")
    for wrong, name in ((place, "baseline"), (tmp_path / "a.txt", "baseline"), (tmp_path / "a.mdl", "no_such_plan")):
        with pytest.raises(InputError):
            export_to(wrong, name)
    assert list(tmp_path.iterdir()) == [place]
