"""Parameters -> TOML text: the file with which somebody begins to describe a city of their own, and a prior as text."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from shudian.evidence import load_parameters
from shudian.kinds import LANGUAGES, Label, Parameter
from shudian.parameters import HOME, city_titles
from shudian.priors import ARGUMENTS, PURE_ARGUMENTS, quantile
from shudian.quantities import write_number
from shudian.review_text import quoted
from shudian.units import conversion, unit_label

_HEAD = (
    "# 城市文件只写该城市与{home}不同的地方，形式与 seeds/cities/*.toml 相同；方程不变。填好的行去掉行首的 # 即生效。",
    "# 用法：shudian run baseline --city {file}；先用 shudian check {file} 检查。凡有 --city 的命令都可以用。",
    "# 没有写的参数沿用{home}的先验（不是{home}的后验），结果会写明有多少个；没有该市自己的校准，结果标为“未校准”。",
    "# 目标：随附目标是{home}的，对别的城市只作比较。自己的目标写在另一个文件里（形式同 scenarios/targets.toml），",
    "# 运行时加 --targets 文件。该市选择的措施写在方案文件里（shudian new 名称）。",
    "# 每个参数写一个表：prior 是分布，用该参数自己的单位，不写引号；basis 为 assumed（假定），有出处的写 measured 或",
    "# derived 并在 evidence 里写 seeds/figures.csv 的编号；note 写明根据。其他参数也可以写，见 shudian explain 名称。",
    "# prior 的写法：{shapes}。",
    "# A city's file says only what differs from {home_en}, in the form of seeds/cities/*.toml; the equations stay.",
    "# Remove the # in front of the lines that you have filled in.",
    "# Use: shudian run baseline --city {file}, and every command with --city; shudian check {file} first.",
    "# What is left out has {home_en}'s prior (not its posterior), and each answer says how many numbers that are; as",
    "# the city has no calibration of its own, the answer is marked as uncalibrated.",
    "# Targets: the shipped ones are {home_en}'s and only compare. Targets of your own go into another file, in the",
    "# form of scenarios/targets.toml, which --targets names. What the city chooses is a scenario: shudian new NAME.",
    "# Each parameter is a table: prior is a distribution in the parameter's own unit, without quotes; basis is",
    "# assumed or, with a source, measured or derived and, in evidence, identifiers of seeds/figures.csv; note says",
    "# why. Other parameters may be written too: shudian explain NAME tells of each.",
    "# A prior is one of: {shapes}.",
)


def city_template(name: str, parameters: Mapping[str, Parameter] | None = None) -> str:
    """The text of a new city file called `name`: every number that describes a city, explained and commented out.

    Each is shown in both languages with its unit, range and the prior of Zhengzhou, which holds as long as the lines
    keep their #. The file loads as it is, and is then Zhengzhou under its prior.
    """
    parameters = load_parameters() if parameters is None else parameters
    home = city_titles()[HOME]
    told = {"home": home.zh, "home_en": home.en, "file": f"{name}.toml", "shapes": _shapes()}
    local = [parameter for parameter in parameters.values() if parameter.local]
    return "\n".join([
        *(line.format(**told) for line in _HEAD),
        f"title = {{ zh = {quoted(name)}, en = {quoted(name)} }}",
        "",
        "[parameters]",
        *(line for parameter in local for line in _offer(parameter, home)),
        "",
    ])  # fmt: skip


def _shapes() -> str:
    return ", ".join(f"{name}({', '.join(arguments)})" for name, arguments in ARGUMENTS.items())


def prior_text(parameter: Parameter) -> str:
    """The prior of `parameter` as a city's file has it, such that it is read back as it is."""
    assert parameter.prior is not None
    arguments = [f"{name} = {_argument(name, parameter)}" for name in parameter.prior.arguments]
    return f"{{ {', '.join([f'distribution = {quoted(parameter.prior.distribution)}', *arguments])} }}"


def _argument(name: str, parameter: Parameter) -> str:
    assert parameter.prior is not None
    value = parameter.prior.arguments[name]
    if name not in PURE_ARGUMENTS:
        value /= conversion(parameter.display_unit, parameter.unit)
    return write_number(float(f"{value:.12g}"))


def _offer(parameter: Parameter, home: Label) -> list[str]:
    """The lines on one parameter."""
    assert parameter.prior is not None
    levels = quantile(parameter.prior, parameter.low, parameter.high, np.array([0.05, 0.5, 0.95]))
    least, most, low, middle, high = (
        f"{float(f'{value / conversion(parameter.display_unit, parameter.unit):.3g}'):g}"
        for value in (parameter.low, parameter.high, *levels)
    )
    units = {language: unit_label(parameter.display_unit, language) for language in LANGUAGES}
    zh, en = ("纯数", "none, a pure number") if parameter.display_unit == "1" else (units["zh"], units["en"])
    return [
        "",
        f"# {parameter.label.zh}：{parameter.meaning.zh}",
        f"#   单位：{zh}；范围 {least} 至 {most}；{home.zh}的先验：中位数 {middle}，90%在 {low} 至 {high} 之间。",
        f"# {parameter.label.en}: {parameter.meaning.en}",
        f"#   Unit: {en}; range {least} to {most}; {home.en}'s prior: median {middle}, 90 % from {low} to {high}.",
        f"# [parameters.{parameter.name}]",
        f"# prior = {prior_text(parameter)}",
        '# basis = "assumed"',
        "# evidence = []",
        '# note = { zh = "根据什么", en = "On what it rests" }',
    ]
