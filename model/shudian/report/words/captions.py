"""Texts that stand beside and below every figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shudian.analysis.told import digits
from shudian.analysis.verdicts import Verdicts
from shudian.cities import city_title
from shudian.grounds import Grounds
from shudian.kinds import Language, ModelChange
from shudian.parameters import HOME
from shudian.posterior_file import Posterior
from shudian.report.render.numbers import significant, worst_error
from shudian.report.words.belief_text import belief_mark
from shudian.units import conversion, display_unit, parse_unit, reader_unit, scaled_unit, spell, unit_label, with_unit
from shudian.wording import say, short, width, wrap


def row_titles(verdicts: Verdicts, language: Language) -> list[str]:
    """Titles of the packages, in lines that fit beside a figure."""
    return [wrap(row.scenario.title.text(language), 32, most=4) for row in verdicts.rows]


def row_height(titles: Sequence[str]) -> float:
    """Inches from one row to the next, so that the longest title has room."""
    return 0.3 + 0.15 * max(title.count("\n") for title in titles)


def label_inches(titles: Sequence[str]) -> float:
    """Room on the left for the rows' titles."""
    return 0.4 + 0.063 * max(width(line) for title in titles for line in title.split("\n"))


def joined(parts: Sequence[str], language: Language, zh: str = "；", en: str = "; ") -> str:
    """The parts as one line."""
    return (zh if language == "zh" else en).join(parts)


def marked(text: str, verdicts: Verdicts, language: Language) -> str:
    """`text` behind the mark that names the city and says whether the draws are calibrated."""
    parts = [city_title(verdicts.city).text(language), grounds_mark(verdicts.grounds, language)]
    mark = joined(parts, language, "，", ", ")
    return f"【{mark}】{text}" if language == "zh" else f"[{mark}] {text}"


def posterior_mark(posterior: Posterior | None, language: Language) -> str:
    """In a few words: calibrated on how many reports and until when, or somebody's own draws, or not."""
    if posterior is None:
        return say("mark_uncalibrated", language)
    if posterior.handed:
        return say("mark_own_draws", language, draws=f"{posterior.size:,}")
    mark = say("mark_calibrated", language, evidence=evidence_words(posterior, language), until=posterior.data_until)
    if posterior.shared:
        mark = say("mark_member", language, **shared_words(posterior, language))
    return mark + belief_mark(posterior, language)


def grounds_mark(grounds: Grounds, language: Language) -> str:
    """`posterior_mark`, and in a model that somebody changed, that it was."""
    mark = posterior_mark(grounds.posterior, language)
    return say("mark_changed", language, mark=mark) if grounds.changed else mark


def changes_text(changes: Sequence[ModelChange], language: Language) -> str:
    """What was changed in a model, as a list."""
    return joined(
        [say(f"model_change_{c.kind}", language, name=c.name, label=c.label.text(language)) for c in changes], language
    )


def evidence_words(posterior: Posterior, language: Language) -> str:
    """What a posterior is fitted to, counted: reports, and findings of studies where some led it."""
    count, others = posterior.reports, posterior.findings
    reports = say("evidence_report" if count == 1 else "evidence_reports", language, count=count)
    if not others:
        return reports
    return say("evidence_finding" if others == 1 else "evidence_findings", language, reports=reports, count=others)


def shared_words(posterior: Posterior, language: Language) -> Mapping[str, object]:
    """What the sentences on another city's posterior tell: its own figures, and those behind its structure."""
    told = posterior.shared or {}
    return {
        "city": city_title(posterior.city).text(language),
        "home": city_title(HOME).text(language),
        "figures": figures_of(posterior.reports, language),
        "shared": told["reports"],
        "until": told["until"],
        "effective": f"{told['effective']:z,.0f}",
    }


def figures_of(count: int, language: Language) -> str:
    """So many figures, counted."""
    return say("member_figure" if count == 1 else "member_figures", language, count=count)


def basis_line(verdicts: Verdicts, language: Language) -> str:
    """Whether the draws are calibrated, how many, and how exact."""
    error = f"{worst_error(verdicts.carried) * 100:z.1f}"
    return say(
        "figure_basis",
        language,
        mark=grounds_mark(verdicts.grounds, language),
        draws=f"{verdicts.draws:,}",
        seed=verdicts.seed,
        error=error,
    )


def definition_label(definition: str, verdicts: Verdicts, language: Language) -> str:
    """The short name of a definition (口径): its label up to the bracket that explains it."""
    return short(verdicts.definitions[definition].text(language))


def within(label: str, language: Language) -> str:
    """A label inside a sentence: in English without its capital, unless it begins with an abbreviation."""
    return label if language == "zh" or label[1:2].isupper() else label[:1].lower() + label[1:]


def explained(definitions: Iterable[str], verdicts: Verdicts, language: Language) -> str:
    """What each definition counts, in one line."""
    return joined([verdicts.definitions[definition].text(language) for definition in definitions], language)


def shown_unit(unit: str, language: Language) -> str:
    """The unit in which a reader of `language` finds amounts of `unit` in heads: 亿元, or millions of yuan."""
    return reader_unit(display_unit(unit), language)


def money_scale(language: Language) -> float:
    """How many of the reader's units of money one 亿元 is: heads say million yuan in English, of which it is 100."""
    return conversion("亿元", reader_unit("亿元", language))


def places(unit: str, language: Language) -> int:
    """Digits after the point that an amount in `unit` may have: people, firms and millions come whole, 亿元 do not."""
    into = reader_unit(unit, language)
    return 0 if spell(parse_unit(into)).startswith("millionyuan") else digits(into)


def amount(value: float, unit: str, language: Language) -> str:
    """A value with its unit in running text, exactly: `100亿元`, `10 billion yuan`, `10 firms`."""
    into = scaled_unit(value, display_unit(unit), unit, language)
    # what lies beyond twelve digits is the conversion's error; and nobody reads an exponent
    exact = float(f"{value * conversion(unit, into):.12g}")
    return with_unit(f"{exact:z,.12f}".rstrip("0").rstrip("."), into, language)


def reader_amount(value: float, unit: str, language: Language) -> tuple[float, str]:
    """A value and its unit as a person reads them; in English money is in millions, which 亿元 are not."""
    into = shown_unit(unit, language)
    return value * conversion(unit, into), unit_label(into, language)


def spoken(value: float, unit: str, language: Language) -> str:
    """A value with its unit, rounded, as one says it: `1.85亿元`, `185 million yuan`, `1,230 firms`."""
    into = shown_unit(unit, language)
    return with_unit(significant(value * conversion(unit, into), places(into, language)), into, language)
