"""Are the model files in the repository those that the present model, seeds and baseline export?

Not established: that the files are right (test_do_other_engines_agree.py compares them with other engines).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shudian.exchange import export as export_module
from shudian.exchange.export import FORMATS, Format, baseline_file, export_to, format_of, require_fresh_export
from shudian.files import write_text
from shudian.kinds import InputError


@pytest.mark.parametrize("format", FORMATS)
def test_the_file_in_the_repository_is_a_fresh_export(format: Format) -> None:
    require_fresh_export(format)


@pytest.mark.parametrize("format", FORMATS)
def test_one_number_that_differs_makes_it_stale(
    format: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = baseline_file(format).read_text(encoding="utf-8")
    number = next(re.finditer(r"\d+\.\d{3,}", text))
    copy = tmp_path / f"baseline.{format}"
    monkeypatch.setattr(export_module, "baseline_file", lambda _: copy)
    copy.write_text(text, encoding="utf-8")
    require_fresh_export(format)
    other = f"{float(number[0]) * 1.001:.9g}"
    copy.write_text(text[: number.start()] + other + text[number.end() :], encoding="utf-8")
    with pytest.raises(InputError, match=f"renew it with: shudian export --scenario baseline --force -o {copy}"):
        require_fresh_export(format)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "model.mdl"
    write_text(place, "第一")
    with pytest.raises(InputError, match="already exists"):
        write_text(place, "second")
    assert place.read_text(encoding="utf-8") == "第一"
    write_text(place, "third", replace=True)
    assert place.read_text(encoding="utf-8") == "third"
    with pytest.raises(InputError, match="there is no folder"):
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
