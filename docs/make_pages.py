"""Pages of the documents that follow from the code: commands, equations, tables of seeds/, papers, notebooks."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer.main
from markupsafe import Markup

import shudian as sd
from shudian.cli import app
from shudian.data_package import descriptor
from shudian.exchange.draft import sectors_of
from shudian.exchange.names import sector_label
from shudian.kinds import Equation, Language, Model
from shudian.report.book.mathml import equation_markup, name_markup
from shudian.structure import load_model
from shudian.units import unit_label

PAPERS = ("ARCHITECTURE", "CONTRIBUTING", "CHANGELOG")
ANSWERS = ("shudian.face.run.RunAnswer", "shudian.face.compare.CompareAnswer")
FUNCTIONS = """# Functions

`import shudian as sd` offers these; they keep their names and meanings. Everything below may change.

```{{eval-rst}}
.. automodule:: shudian
   :no-members:

{offered}
```

## Answers

```{{eval-rst}}
{answers}
```
"""
INTRODUCED: dict[Language, str] = {
    "en": "Each variable with its unit, its meaning and, where its form could have been another, why it is this one. "
    "The model book adds numbers, pictures, causes and evidence: `shudian document -o model.html` writes it.",
    "zh": "每个变量的单位、含义；形式可以另选的，并说明为何如此。模型全书另有数字、图、成因和依据，"
    "由 `shudian document -o model.html` 写出。",
}
BOOK = """```{{raw}} html
<p><a href="../model_{language}.html">{title}</a></p>
```"""
SHORT = {"ARCHITECTURE": "architecture", "CONTRIBUTING": "contributing", "CHANGELOG": "changelog"}


def make_pages(root: Path, folder: Path, book: bool) -> None:
    """Write the pages of the checkout at `root` into `folder`, which holds nothing else; `book`: beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    model = load_model()
    languages: tuple[Language, ...] = ("en", "zh")
    pages = {f"equations_{language}.md": _equations(model, language, book) for language in languages}
    pages |= {"api.md": _functions(), "commands.md": _commands(), "tables.md": _tables(), "seeds.md": _seeds(root)}
    pages |= {f"{SHORT[name]}.md": _paper(root / f"{name}.md") for name in PAPERS}
    for name, text in pages.items():
        _keep(folder / name, text)
    for path in sorted((root / "notebooks").iterdir()):
        _keep(folder / path.name, path.read_bytes())
    for path in folder.iterdir():
        if path.name not in pages and not (root / "notebooks" / path.name).exists():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _keep(path: Path, content: str | bytes) -> None:
    """Write the page unless it is there already: what has not changed is not built again."""
    written = content.encode() if isinstance(content, str) else content
    if not path.is_file() or path.read_bytes() != written:
        path.write_bytes(written)


def _functions() -> str:
    """What the face offers, from its docstrings."""
    kinds = {name: "autofunction" if inspect.isfunction(getattr(sd, name)) else "autoclass" for name in sd.__all__}
    offered = [f".. {kind}:: shudian.{name}" for name, kind in kinds.items()]
    answers = [f".. autoclass:: {name}\n   :members:\n   :inherited-members:" for name in ANSWERS]
    return FUNCTIONS.format(offered="\n".join(offered), answers="\n".join(answers))


def _commands() -> str:
    """Every command with its arguments and options, as `--help` has them."""
    lines = [
        "# Commands",
        "",
        "As `shudian COMMAND --help` tells them, in the language of the machine that built this page.",
        "",
    ]
    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        lines += [f"## shudian {name}", "", _plain(command.help), ""]
        rows = [(_written(p), p) for p in command.params if p.name != "help"]
        lines += ["| | |", "|---|---|", *(f"| {shown} | {_plain(p.help)} |" for shown, p in rows), ""]
    return "\n".join(lines)


def _written(parameter: Any) -> str:
    """What is typed for `parameter`: its options, or the name of the argument."""
    words = (*parameter.opts, *parameter.secondary_opts)
    return ", ".join(f"`{word}`" for word in words) if words[0][:1] == "-" else f"`{parameter.name.upper()}`"


def _plain(text: str | None) -> str:
    return re.sub(r"([|*_<>\[\]])", r"\\\1", (text or "").replace("\n", " ").strip())


def _equations(model: Model, language: Language, book: bool) -> str:
    """Every equation as mathematics, sector by sector, each name a link to its own."""
    title = {"en": "Equations", "zh": "方程"}[language]
    lines = [f"# {title}", "", INTRODUCED[language], ""]
    if book:
        lines += [BOOK.format(language=language, title={"en": "The model book", "zh": "模型全书"}[language]), ""]
    named = _namer(model, language)
    for sector in sectors_of(model):
        lines += [f"## {sector_label(sector).text(language)}", ""]
        for equation in (e for e in model.equations if e.sector == sector):
            lines += _equation(equation, named, language)
    return "\n".join(lines)


def _namer(model: Model, language: Language) -> Callable[[str], Markup]:
    labels = {p.name: p.label for p in model.parameters.values()} | {e.name: e.label for e in model.equations}
    computed = {equation.name for equation in model.equations}

    def named(name: str) -> Markup:
        label = labels[name].text(language) if name in labels else name
        return name_markup(label, f"#e-{name}" if name in computed else "")

    return named


def _equation(equation: Equation, named: Callable[[str], Markup], language: Language) -> list[str]:
    left = named(equation.name)
    if equation.kind == "stock":
        left = Markup("<mfrac><mrow><mi>d</mi>{}</mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac>").format(left)
    formula = equation_markup(left, equation.expression, named)
    head = Markup('<p id="e-{}"><strong>{}</strong> <code>{}</code> ({})</p>').format(
        equation.name, equation.label.text(language), equation.name, unit_label(equation.unit, language) or "1"
    )
    told = [equation.meaning.text(language), equation.why.text(language)]
    texts = Markup("").join(Markup("<p>{}</p>").format(text) for text in told if text)
    return ["```{raw} html", f'{head}<div class="formula">{formula}</div>{texts}', "```", ""]


def _tables() -> str:
    """What each column of the CSV files in seeds/ holds."""
    lines = ["# Tables of seeds/", "", "From `seeds/datapackage.json`, by which other tools read the files too.", ""]
    for resource in descriptor()["resources"]:
        # a study has a column for each parameter, and all say the same
        if "schema" not in resource or resource["path"].startswith("studies/"):
            continue
        lines += [f"## {resource['path']}", "", *resource["description"].split("\n"), "", "| | | |", "|---|---|---|"]
        for field in resource["schema"]["fields"]:
            words = ", ".join(f"`{word}`" for word in field.get("constraints", {}).get("enum", ()))
            told = "<br>".join(_plain(text) for text in field["description"].split("\n"))
            lines.append(f"| `{field['name']}` | {field['type']} | {told}{'<br>' + words if words else ''} |")
        lines.append("")
    return "\n".join(lines)


def _seeds(root: Path) -> str:
    text = (root / "seeds" / "README.md").read_text(encoding="utf-8")
    return re.sub(r"\]\(#[^)]*\)", "](#我们知道什么)", text)


def _paper(path: Path) -> str:
    """A paper of the checkout, its links to other papers led to their pages, those to files shown as names."""
    text = path.read_text(encoding="utf-8")
    for name, short in SHORT.items():
        text = text.replace(f"({name}.md)", f"({short}.md)")
    return text
