"""The report's sentences: what was learned, what was not, what contradicts, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shudian.answers.calibration.change import Change
from shudian.answers.calibration.conflicts import Conflict, contradicted, doubtful
from shudian.answers.calibration.power import FEWEST
from shudian.answers.calibration.questions import Answer, chance
from shudian.answers.calibration.rereading import OUT_OF_REACH, Rereading
from shudian.answers.calibration.surprises import SHARE
from shudian.answers.calibration.tension import DIAGNOSES
from shudian.answers.calibration.view import NO_POLICY, REACHED, View
from shudian.calibrate.calibration import LEAST_ESS, WORST_RHAT, Calibration
from shudian.calibrate.ranks import LOG_LIKELIHOOD, Summary
from shudian.calibrate.target import HISTORY
from shudian.evidence import load_vocabulary
from shudian.kinds import Language
from shudian.messages import in_language
from shudian.observe.comparison import Comparison, compare
from shudian.report.calibration.tables import meaning_text, phrase_text, unit_text
from shudian.report.render.cells import in_percent, interval, middle, signed
from shudian.report.render.numbers import significant
from shudian.report.words.captions import amount, evidence_words, joined, within
from shudian.structure import load_model
from shudian.units import unit_label
from shudian.wording import say, short

EXPLAINED = ("market_zhengzhou", "firms_zhengzhou", "workers_zhengzhou", "titles_zhengzhou", "titles_share_zhengzhou",
             "market_china")  # fmt: skip
"""Conflicts that have a sentence of their own."""
_LOSS = 0.07
"""Share of variance that a sound sampler does not take from parameters that no figure reaches."""


def headline(view: View, language: Language) -> str:
    """The finding: the market target's probability under each definition."""
    market = _market(view.asked(HISTORY))
    question = market[0].question
    chances = [
        say(
            "calibration_chance",
            language,
            definition=_definition(a, language),
            chance=in_percent(chance(a.posterior, a.question)),
        )
        for a in market
    ]
    assert question.threshold is not None
    goal = amount(question.threshold, question.unit, language)
    return say(
        "calibration_headline", language, year=question.year, goal=goal, chances=joined(chances, language, "，", ", ")
    )


def _market(answers: Sequence[Answer]) -> list[Answer]:
    first = next(a for a in answers if a.question.threshold is not None)
    target = first.question.key.split("/")[0]
    return [a for a in answers if a.question.key.split("/")[0] == target]


def _definition(answer: Answer, language: Language) -> str:
    assert answer.question.definition is not None
    return within(short(answer.question.definition.text(language)), language)


def lessons(view: View, language: Language) -> tuple[str, ...]:
    """What was learned and what not, in a few sentences."""
    local = _market(view.asked(HISTORY))[0]
    without = next(a for a in view.asked(NO_POLICY) if a.question.key == local.question.key)
    before, after = interval(local.prior), interval(local.posterior)
    inside = sum(c.inside() for c in view.comparisons)
    kept = sum(entry.kept for entry in view.learned)
    gain = 100 * (chance(local.posterior, local.question) - chance(without.posterior, local.question))
    top = [entry.parameter.label.text(language) for entry in view.learned[:5]]
    return (
        say(
            "calibration_lesson_range", language, definition=_definition(local, language),
            median=significant(middle(local.posterior)), low=significant(after[0]), high=significant(after[1]),
            prior=significant(middle(local.prior)), prior_low=significant(before[0]),
            prior_high=significant(before[1]), year=local.question.year, unit=unit_label(local.question.unit, language),
        ),
        say("calibration_lesson_fit", language, inside=inside, all=len(view.comparisons)),
        say("calibration_lesson_learned", language, learned=len(view.learned) - kept, all=len(view.learned),
            names=joined(top, language, "、", ", ")),
        say("calibration_lesson_policy", language, gain=signed(gain, 1), definition=_definition(local, language)),
    )  # fmt: skip


def unidentified(view: View, language: Language) -> tuple[str, ...]:
    """What the figures cannot identify."""
    effects = [entry for entry in view.learned if entry.policy_effect]
    money = [entry for entry in view.learned if entry.parameter.sector == "policy" and not entry.policy_effect]
    found = []
    for key, group in (("effects", effects), ("money", money)):
        kept = [entry.parameter.label.text(language) for entry in group if entry.kept]
        moved = [entry.parameter.label.text(language) for entry in group if not entry.kept]
        names = joined(kept, language, "、", ", ")
        found.append(say(f"calibration_unidentified_{key}", language, kept=len(kept), all=len(group), names=names))
        if moved:
            found.append(say("calibration_unidentified_but", language, names=joined(moved, language, "、", ", ")))
    others = sum(e.kept and e not in effects and e not in money for e in view.learned)
    found.append(say("calibration_unidentified_others", language, count=others))
    return tuple(found)


def alarms(view: View, language: Language) -> tuple[str, ...]:
    """What must not be overlooked: reports that the rest contradicts, a worse fit, a sampler that loses variance."""
    found = [
        joined(
            [_contradiction(comparison, language), rival_text(view.reread[comparison.report.identifier], language)],
            language,
            "",
            " ",
        )
        for comparison in view.contradicted
    ]
    if view.change is not None and view.change.misfit and view.change.evidence is not None:
        before, after, _ = view.change.evidence
        found.append(say("calibration_misfit", language, fall=f"{before - after:z.1f}"))
    if unused := _unused(view):
        found.append(say("calibration_unused", language, names=joined(unused, language, "、", ", ")))
    if names := disagreeing(view, language):
        found.append(say("calibration_batches_alarm", language, names=joined(names, language, "、", ", ")))
    lost = view.learned[0].lost
    if lost > _LOSS:
        found.append(say("calibration_lost", language, share=in_percent(lost)))
    return tuple(found)


def _unused(view: View) -> list[str]:
    """Figures of the file that was added which the calibration did not use."""
    used = {name for report in view.posterior.about["reports"] for name in report["figures"]}
    return [name for name in view.calibration.evidence.added if name not in used]


def _contradiction(comparison: Comparison, language: Language) -> str:
    wrong, level = doubtful(comparison), comparison.best.level
    figure, faulty = wrong[0], 1 - comparison.support(wrong[0])
    low, high = interval(level)
    return say(
        "calibration_contradicted", language,
        figures=joined([f.identifier for f in wrong], language, "、", ", "),
        what=figure.label.text(language), phrase=phrase_text(figure), median=significant(middle(level)),
        low=significant(low), high=significant(high),
        unit=unit_text(figure, comparison.report.rule.is_ratio, language), faulty=in_percent(faulty),
    )  # fmt: skip


def rival_text(again: Rereading, language: Language) -> str:
    """The other explanation of a strange report: what the model lacks, or how else the number may be meant."""
    told = []
    if again.definitions:
        words = load_vocabulary()["definition"]
        names = joined([words[name].text(language) for name in again.definitions], language, "、", ", ")
        told.append(say("calibration_rival_definition", language, names=names))
    if again.times is not None:
        told.append(say("calibration_rival_scope", language, times=significant(again.times)))
    for form, nil in again.forms:
        told.append(
            say("calibration_rival_form", language, form=(form.when_nil if nil else form.otherwise).text(language))
        )
    reach = in_percent(again.within_reach)
    key = "lacks" if again.lacks_structure else "beyond" if again.within_reach < OUT_OF_REACH else "prior"
    told.append(say(f"calibration_rival_{key}", language, share=reach))
    return say("calibration_rival", language, told=joined(told, language, "；", "; "))


def control(view: View, language: Language) -> str:
    """What the parameters that no figure reaches say of the sampler."""
    names = [entry for entry in view.learned if not entry.reached]
    return say("calibration_control", language, count=len(names), share=f"{100 * view.learned[0].lost:z.1f}")


def ranks_text(found: Summary, inputs: str, language: Language) -> str:
    """What known truths say of the sampler; `inputs` is the digest of what was calibrated."""
    half, most = (in_percent(coverage.found) for coverage in found.pooled)
    least, greatest = found.expected_outside
    told = say(
        "calibration_ranks", language, truths=found.replicates, half=half, most=most, outside=len(found.outside),
        parameters=len(found.ranks) - len(found.watched), least=least, greatest=greatest,
    )  # fmt: skip
    names = joined([_fault(name, language) for name in found.faults], language, "、", ", ")
    judged = (
        say("calibration_ranks_faults", language, names=names) if names else say("calibration_ranks_sound", language)
    )
    other = [] if found.inputs == inputs else [say("calibration_ranks_other", language)]
    return joined([told, judged, *other], language, "", " ")


def _fault(name: str, language: Language) -> str:
    """One of `Summary.faults`, in words."""
    if name == LOG_LIKELIHOOD:
        return say("calibration_log_likelihood", language)
    if name in ("outside", "coverage"):
        return say(f"calibration_fault_{name}", language)
    model = load_model()
    return (model.equation(name) if name in model else model.parameters[name]).label.text(language)


def study_text(name: str, content: Mapping[str, Any], language: Language) -> str:
    """What a kept study found: a forecast's scores, or its own `title`, `finding` and `note`."""
    found = content.get("summaries", {}).get("after_cut_off") or content.get("summaries", {}).get("all")
    texts = [
        content[key].get(language, "") for key in ("title", "finding", "note") if isinstance(content.get(key), dict)
    ]
    if found:
        naive = found.get("no_change")
        key = "calibration_register" if "register" in content else "calibration_forecast"
        told = say(
            key, language, cut_off=content.get("cut_off", content.get("register", name)), numbers=found["numbers"],
            inside_50=f"{found['inside_50']:.3g}", inside_90=f"{found['inside_90']:.3g}", crps=f"{found['crps']:z.3f}",
        )  # fmt: skip
        if naive:
            told += say(
                "calibration_forecast_naive", language, numbers=naive["numbers"], naive=f"{naive['crps']:z.3f}",
                crps=f"{naive['model_crps']:z.3f}",
            )  # fmt: skip
        texts.insert(0, told)
    return "".join([f"{name}：", *texts]) if language == "zh" else " ".join([f"{name}:", *texts])


def conflict_text(conflict: Conflict, language: Language) -> str:
    """How a conflict resolved, in words."""
    name = f"{conflict.family}_{conflict.place}"
    wrong = contradicted(conflict.reports)
    told = [say(f"calibration_conflict_{name if name in EXPLAINED else 'other'}", language)]
    told += [_weights(comparison, language) for comparison in conflict.reports if len(comparison.readings) > 1]
    if wrong:
        names = joined([c.report.identifier for c in wrong], language, "、", ", ")
        told.append(say("calibration_conflict_wrong", language, names=names))
    return " ".join(told) if language == "en" else "".join(told)


def _weights(comparison: Comparison, language: Language) -> str:
    parts = [f"{meaning_text(comparison, r, language)} {in_percent(r.weight)}" for r in comparison.readings]
    return say("calibration_weights", language, name=comparison.report.identifier,
               phrase=comparison.figure.phrase, weights=joined(parts, language, "，", ", "))  # fmt: skip


def diagnostics_text(view: View, language: Language) -> str:
    """Whether the sampler can be trusted."""
    d, c = view.calibration.diagnostics, view.calibration
    return say(
        "calibration_diagnostics_passed" if d.passed else "calibration_diagnostics_failed", language,
        rhat=f"{d.rhat.max():z.4f}", bulk=f"{d.bulk.min():z,.0f}", tail=f"{d.tail.min():z,.0f}",
        evaluations=f"{c.evaluations:,}", seconds=f"{c.seconds:z,.0f}", draws=f"{c.uncertain.shape[1]:,}",
        batches=len(c.log_evidence), seed=c.seed,
    )  # fmt: skip


def batches_text(view: View, language: Language) -> str:
    """Whether independent batches agree as well as the effective numbers of draws say."""
    errors = view.batch_errors
    names = disagreeing(view, language)
    return say(
        "calibration_batches_flagged" if names else "calibration_batches_sound", language, all=len(errors.names),
        inflation=f"{errors.inflation:z.2f}", chance=f"{2 * errors.chance:z.2f}", count=len(names),
        names=joined(names, language, "、", ", "),
    )  # fmt: skip


def disagreeing(view: View, language: Language) -> list[str]:
    """What lies farther apart between batches than chance makes it."""
    labels = {entry.parameter.name: entry.parameter.label.text(language) for entry in view.learned}
    labels |= {a.question.key: a.question.label.text(language) for a in view.answers}
    log_likelihood = say("calibration_log_likelihood", language)
    found = [
        labels.get(name.removesuffix(REACHED), log_likelihood)
        for errors in (view.batch_errors, view.answer_errors)
        for name, flagged in zip(errors.names, errors.flagged, strict=True)
        if flagged
    ]
    return list(dict.fromkeys(found))


def tension_text(view: View, language: Language, count: int = 5) -> str:
    """How many parameters prior and figures decide, and where both pull."""
    of = {key: [t for t in view.tensions if t.diagnosis == key] for key in DIAGNOSES}
    if of["untold"]:
        return say("calibration_tension_untold", language, least=FEWEST)
    names = [
        say(
            "calibration_tension_name", language, name=t.learned.parameter.label.text(language),
            shift=signed(t.learned.shift),
        )
        for t in of["conflict"][:count]
    ]  # fmt: skip
    return say(
        "calibration_tension_found" if names else "calibration_tension_calm", language, all=len(view.tensions),
        conflict=len(of["conflict"]), prior=len(of["prior"]), figures=len(of["figures"]),
        names=joined(names, language, "、", ", "),
    )  # fmt: skip


def surprise(comparison: Comparison, language: Language) -> str:
    """That a new figure is far from what was expected of it."""
    low, high = interval(comparison.predictive, SHARE)
    figure = comparison.figure
    return say(
        "calibration_surprise", language, figure=figure.identifier, place=figure.place, phrase=phrase_text(figure),
        low=significant(low), high=significant(high), share=in_percent(SHARE),
        unit=unit_text(figure, comparison.report.rule.is_ratio, language),
    )  # fmt: skip


def failure(calibration: Calibration, language: Language, count: int = 5) -> str:
    """Which parameters fail the standard, the worst first, and which reports the draws contradict."""
    diagnostics = calibration.diagnostics
    badness = np.maximum(diagnostics.rhat - 1, 0) / (WORST_RHAT - 1)
    badness += LEAST_ESS / np.maximum(np.minimum(diagnostics.bulk, diagnostics.tail), 1)
    order = [int(k) for k in np.argsort(-badness)]
    labels = {p.name: p.label.text(language) for p in load_model().fixed}
    worst = [
        say("calibration_worst", language, name=labels.get(diagnostics.names[k], diagnostics.names[k]),
            rhat=f"{diagnostics.rhat[k]:z.3f}", ess=f"{min(diagnostics.bulk[k], diagnostics.tail[k]):z,.0f}")
        for k in order[:count]
    ]  # fmt: skip
    target = calibration.target
    compared = compare(target.observer, target.run(calibration.uncertain, None), calibration.seed)
    told = [_contradiction(comparison, language) for comparison in contradicted(compared)]
    return "\n".join([say("calibration_failed", language, worst=joined(worst, language)), *told])


def change_lines(change: Change | None, language: Language) -> tuple[str, ...]:
    """What changed against the posterior before, line by line."""
    if change is None:
        return (say("calibration_first", language),)
    lines = [say("calibration_compared", language, made=change.made)]
    if change.other_model:
        lines.append(say("calibration_other_model", language))
    if change.remade:
        remade = [in_language(what, language) for what in change.remade]
        lines.append(say("calibration_remade", language, names=joined(remade, language, "、", ", ")))
    sets = {"added": change.added, "removed": change.removed, "altered": change.altered}
    for key, names in sets.items():
        if names:
            lines.append(say(f"calibration_figures_{key}", language, names=joined(names, language, "、", ", ")))
    if not any(sets.values()):
        lines.append(say("calibration_figures_same", language))
    if change.evidence is not None:
        before, after, noise = change.evidence
        told = {"before": f"{before:z.1f}", "after": f"{after:z.1f}", "noise": f"{noise:z.1f}"}
        lines.append(say("calibration_evidence", language, **told))
    real = sum(turned.real for turned in change.turned)
    lines.append(say("calibration_verdicts_moved", language, real=real, all=len(change.turned)))
    return tuple(lines)


def basis(view: View, language: Language) -> str:
    """On what the report rests, for the foot of every figure."""
    evidence, about = view.calibration.evidence, view.posterior.about
    told = say(
        "calibration_basis", language, evidence=evidence_words(view.posterior, language),
        until=view.posterior.data_until, draws=f"{view.posterior.size:,}", seed=view.calibration.seed,
        made=about["made"], digest=view.digest[:12],
    )  # fmt: skip
    if evidence.without:
        told += say("calibration_basis_without", language, names=joined(evidence.without, language, "、", ", "))
    if evidence.extra is not None:
        told += say("calibration_basis_with", language, path=evidence.extra.name)
    return told
