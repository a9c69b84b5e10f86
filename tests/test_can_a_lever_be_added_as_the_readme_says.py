"""Does a new lever work to the end by the README's steps: check, run, export, page?

A lever is added to a copy of the checkout. Does NOT establish that its effect is right, nor that a calibration of it
passes: the posterior here is made of prior draws.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).resolve().parent.parent
LEVER = """
[camera_vouchers]
label = { zh = "设备券", en = "Camera vouchers" }
meaning = { zh = "每部作品可抵扣的设备租金。", en = "What the city pays of each title's camera rent." }
unit = "万元/部"
role = "lever"
value = 0
range = [0, 5]
needs = ["support_end"]
basis = "assumed"
evidence = ["ZB05"]
note = { zh = "试验。", en = "A trial." }
"""
EFFECT = """
[camera_voucher_effect]
label = { zh = "设备券作用", en = "Effect of camera vouchers" }
meaning = { zh = "设备券相当于补贴的份额；可能为零。", en = "Share of a voucher that acts like a subsidy; may be nil." }
unit = "1"
role = "uncertain"
prior = { distribution = "nil_or_normal", nil_probability = 0.3, mean = 0.5, sd = 0.2 }
range = [-0.5, 1.5]
basis = "assumed"
evidence = ["ZB05"]
note = { zh = "试验。", en = "A trial." }
"""
CARD = """
[camera_vouchers]
says = { text = { zh = "没有找到研究。", en = "No study was found." }, sources = ["ZB05"] }
gains = { zh = "剧组。", en = "Crews." }
side_effects = { zh = "多数设备本来就会租。", en = "Most cameras would be rented anyway." }
"""
ACTS = (
    ("def net_subsidy_rate(expected_grant: Term,",
     "def net_subsidy_rate(camera_vouchers: Term, camera_voucher_effect: Term, expected_grant: Term,"),
    ("    return expected_grant / live_price * support_effectiveness",
     "    granted = expected_grant + camera_vouchers * camera_voucher_effect\n"
     "    return granted / live_price * support_effectiveness"),
)  # fmt: skip
COSTS = (
    ("    title_completions: Term, live_price: Term, set_cost_share: Term, rent_relief_rate: Term,",
     "    camera_vouchers: Term,\n"
     "    title_completions: Term, live_price: Term, set_cost_share: Term, rent_relief_rate: Term,"),
    ("    return title_completions * live_price * set_cost_share * rent_relief_rate * support_delivered",
     "    rent = live_price * set_cost_share * rent_relief_rate\n"
     "    return title_completions * (rent + camera_vouchers) * support_delivered"),
)  # fmt: skip
STAND_IN = "from posteriors import stand_in, write_stand_in; from shudian.posterior_file import shipped_posterior; "
STAND_IN += "from shudian.calibrate.calibration import Evidence; "
STAND_IN += "write_stand_in(shipped_posterior(), ingredients=Evidence().target().ingredients)"


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_new_lever_works_to_the_end(tmp_path: Path) -> None:
    for folder in ("model", "seeds", "scenarios"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder)
    seeds, exchange = tmp_path / "seeds", tmp_path / "model" / "shudian" / "exchange"
    add(seeds / "parameters" / "levers.toml", LEVER)
    add(seeds / "parameters" / "policy.toml", EFFECT)
    policy = tmp_path / "model" / "shudian" / "equations" / "policy.py"
    text = policy.read_text(encoding="utf-8")
    for old, new in (*ACTS, *COSTS):
        assert text.count(old) == 1
        text = text.replace(old, new)
    policy.write_text(text, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "model"), str(CHECKOUT / "tests")])
    environment = os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1"}

    def python(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
        )

    def shudian(*words: str) -> subprocess.CompletedProcess[str]:
        return python("-m", "shudian", *words, "--lang", "en")

    told = shudian("check")
    assert told.returncode == 2
    assert "the lever “camera_vouchers” has no card; add [camera_vouchers]" in told.stderr
    for changed in ("equation “net_subsidy_rate”", "equation “rent_claims”", "new prior"):
        assert changed in told.stderr.partition("older than")[2]
    assert told.stderr.count("renew it with: shudian export --scenario baseline --force") == 1
    assert told.stderr.count("\n") == 3
    assert shudian("run", "baseline", "--prior", "--set", "camera_vouchers=2万元/部", "--draws", "30").returncode == 0
    add(seeds / "lever_cards.toml", CARD)
    assert python("-c", STAND_IN).returncode == 0
    for format in ("mdl", "xmile"):
        ended = shudian("export", "--scenario", "baseline", "--force", "-o", str(exchange / f"baseline.{format}"))
        assert ended.returncode == 0, ended.stderr
    led = {path.stem: path for path in (seeds / "cities").glob("*.parquet")}
    told = shudian("check")
    for city, path in led.items():
        assert f"renew it with: shudian calibrate --city {city}" in told.stderr
        # The draws of a stand-in are too far from these figures for another city's.
        path.unlink()
    assert (told.returncode, told.stderr.count("\n")) == (2, len(led))
    told = shudian("check")
    assert (told.returncode, told.stderr) == (0, "")
    told = shudian("page", "-o", "page.html", "--draws", "50")
    assert told.returncode == 0, told.stderr
    assert "Camera vouchers" in (tmp_path / "page.html").read_text(encoding="utf-8")
