"""A calibration: what is told on a terminal, and the whole report, section by section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import takewhile

from shudian.answers.calibration.view import View
from shudian.kinds import Language
from shudian.report.calibration import left_out_tables, more_tables, prior_predictive, study_tables, tables, words
from shudian.report.document import (
    ALARM,
    Block,
    Caution,
    Document,
    Figure,
    Text,
    entries,
    finding,
    heading,
    notes,
    paragraphs,
    subheading,
    title,
)
from shudian.wording import say


def short(view: View, language: Language) -> Document:
    """The finding, what contradicts, and what changed."""
    told = [words.diagnostics_text(view, language), words.batches_text(view, language)]
    told.append(words.tension_text(view, language))
    told += [*left_out_tables.foretold_text(view, language)[:1], *left_out_tables.form_text(view, language)[:1]]
    return (
        finding(words.headline(view, language)),
        *_alarms(view, language),
        paragraphs(*words.change_lines(view.change, language)),
        *_changed(view, language),
        paragraphs(*dict.fromkeys(told)),
    )


def whole(view: View, figures: Mapping[str, Figure], language: Language) -> Document:
    """The report; `figures` are the drawn ones, by name, in the same language."""
    told: list[Block] = [title(words.headline(view, language)), notes(words.basis(view, language))]
    told += _alarms(view, language)
    for name, section in _SECTIONS.items():
        found = section(view, language)
        told.append(heading(say(f"calibration_section_{name}", language)))
        # the figure stands behind what is said first and before the details
        first = [*takewhile(lambda block: isinstance(block, Text) and block.kind != "subheading", found)]
        drawn = figures.get(_FIGURES.get(name, name))
        told += [*first, *([drawn] if drawn else []), *found[len(first) :]]
    return tuple(told)


def _alarms(view: View, language: Language) -> Iterator[Caution]:
    """What must not be overlooked; its first words, to the colon, stand out."""
    for text in words.alarms(view, language):
        colon = next((colon for colon in ("：", ": ") if colon in text), "")
        head, _, rest = text.partition(colon) if colon else (text, "", "")
        yield Caution(ALARM, head + colon, (rest,))


def _lessons(view: View, language: Language) -> Document:
    told = entries(*words.lessons(view, language))
    return told, tables.target_table(view, language), tables.amount_table(view, language)


def _prior(view: View, language: Language) -> Document:
    return (
        paragraphs(prior_predictive.finding(view.prior, language)),
        prior_predictive.table(view.prior, language),
    )


def _conflicts(view: View, language: Language) -> Document:
    told: list[Block] = [paragraphs(say("calibration_conflicts", language))]
    for conflict in view.conflicts:
        table = tables.conflict_table(conflict, language)
        told += [subheading(table.title), paragraphs(words.conflict_text(conflict, language)), replace(table, title="")]
    return tuple(told)


def _learning(view: View, language: Language) -> Document:
    return (
        subheading(say("calibration_head_unidentified", language)),
        entries(*words.unidentified(view, language)),
        more_tables.parameter_table(view, language),
    )


def _tension(view: View, language: Language) -> Document:
    return paragraphs(words.tension_text(view, language)), more_tables.tension_table(view, language)


def _foretold(view: View, language: Language) -> Document:
    told = entries(*left_out_tables.foretold_text(view, language))
    if not view.foretold:
        return (told,)
    return told, left_out_tables.family_table(view, language), left_out_tables.foretold_table(view, language)


def _forms(view: View, language: Language) -> Document:
    told = entries(*left_out_tables.form_text(view, language))
    if not view.forms:
        return (told,)
    return told, left_out_tables.form_table(view, language), left_out_tables.form_answer_table(view, language)


def _studies(view: View, language: Language) -> Document:
    studied = (study_tables.study_table(view, language),) if view.studied else ()
    return *studied, study_tables.package_table(view, language)


def _moves(view: View, language: Language) -> Document:
    if not view.moves:
        return (paragraphs(say("calibration_no_moves", language)),)
    return (more_tables.move_table(view, language),)


def _change(view: View, language: Language) -> Document:
    return entries(*words.change_lines(view.change, language)), *_changed(view, language)


def _changed(view: View, language: Language) -> Document:
    if view.change is None:
        return ()
    moved = (more_tables.moved_table(view.change, language),) if view.change.moved else ()
    return more_tables.verdict_change_table(view.change, view, language), *moved


def _diagnostics(view: View, language: Language) -> Document:
    studies = [words.study_text(name, content, language) for name, content in view.studies]
    if view.ranks is not None:
        studies.insert(0, words.ranks_text(view.ranks, str(view.posterior.about["inputs_digest"]), language))
    told = [say_of(view, language) for say_of in (words.diagnostics_text, words.batches_text, words.control)]
    return (
        paragraphs(*told),
        more_tables.batch_table(view, language),
        more_tables.answer_error_table(view, language),
        more_tables.diagnostics_table(view, language),
        subheading(say("calibration_head_studies", language)),
        entries(*studies) if studies else paragraphs(say("calibration_no_studies", language)),
    )


_FIGURES = {"lessons": "targets"}
"""Section -> its figure, where that is called otherwise."""
_SECTIONS: Mapping[str, Callable[[View, Language], Document]] = {
    "lessons": _lessons,
    "prior": _prior,
    "reports": lambda view, language: (tables.fit_table(view, language),),
    "article": lambda view, language: (tables.article_table(view, language),),
    "conflicts": _conflicts,
    "learning": _learning,
    "correlations": lambda view, language: (more_tables.pair_table(view, language),),
    "tension": _tension,
    "power": lambda view, language: (more_tables.power_table(view, language),),
    "foretold": _foretold,
    "forms": _forms,
    "studies": _studies,
    "moves": _moves,
    "change": _change,
    "diagnostics": _diagnostics,
    "excluded": lambda view, language: (more_tables.excluded_table(view, language),),
}
