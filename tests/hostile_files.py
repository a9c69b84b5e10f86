"""Model files that nobody means well with: code in every place where a file has text, mutated at random."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from caged import PROOF

CODE = (
    f"open('{PROOF}','w')",
    f"__import__('os').system('touch\\x20{PROOF}')",
    f"__import__('os').environ.__setitem__('{PROOF}','1')",
    f"__import__('builtins').__dict__.__setitem__('{PROOF}',1)",
    f'open("{PROOF}","w")',
    f"exec(\"open('{PROOF}','w')\")",
    f"[0][open('{PROOF}','w')]",
    f"__import__('subprocess').run(['touch','{PROOF}'])",
)
"""Without spaces and capitals where it can be: PySD changes them."""
ENDS = (
    "'+str({})+'", '"+str({})+"', "');{};('", "',{},'", '"""\n{}\n"""', "'''\n{}\n'''", "\n{}\n", "%({})s", "{{{}}}",
    "{}", "\\'+str({})+\\'", "';{}#", "]+[{}]+[", ")+({})+(", "lambda:{}", "\\x27+str({})+\\x27", "*{}", "={}",
    "\\\n{}", "'é'+str({})",
)  # fmt: skip
"""How code gets out of the text that it stands in."""
WORDS = (
    "a", "b", "level", "time", "Time", "TIME STEP", "time_step", "v1", "v2", "np", "np.pi", "self", "lambda",
    "import", "__data", "__builtins__", "component", "_root", "eval", "max", "INTEG", "if_then_else", "print", "None",
    "True", "ｖ１", "ａ", "а", "a\u202eb", "a\u200bb", "a\u0301", "ſtep", "K", "İ", "ß", "\u2028", "\x1b[2J", "\x07",
    "\ufffe", "a  b", "a__b", "a_b", "'", "''", "\\", "%s", "%(0)s", "{0}", "#", "$", "a'b", "a$b", "。", "٣", "²",
    "½",
)  # fmt: skip
FUNCTIONS = (
    "MAX", "MIN", "ABS", "EXP", "LN", "SQRT", "SIN", "IF THEN ELSE", "IF_THEN_ELSE", "PULSE", "STEP", "RAMP",
    "SMOOTH", "SMOOTH3I", "DELAY1", "DELAY FIXED", "DELAY N", "SAMPLE IF TRUE", "INITIAL", "ACTIVE INITIAL", "ZIDZ",
    "XIDZ", "GAME", "MODULO", "QUANTUM", "INTEGER", "LOOKUP", "WITH LOOKUP", "TABBED ARRAY", "GET XLS DATA",
    "GET DIRECT CONSTANTS", "reference", "call", "arithmetic", "logic", "lookup", "data", "not_implemented_function",
    "np.abs", "eval", "exec", "__import__", "open", "getattr", "A FUNCTION OF", "RANDOM NORMAL", "VMAX", "SUM",
    "TREND", "FORECAST", "SMTH1", "INIT", "PREVIOUS", "SAFEDIV", "INT", "MOD", "DELAY",
)  # fmt: skip


class Hostile:
    """A source of hostile files; the same seed gives the same files."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.legal = False
        """Whether this file is one that can be read, so that what is hostile in it gets as far as it can."""

    def file(self) -> tuple[str, str]:
        """The suffix and the text of a file."""
        pick = self.random.random()
        if pick < 0.2:
            return self.known()
        self.legal = pick < 0.6
        suffix, text = self._whole()
        return suffix, self._mutated(text) if pick > 0.8 else text

    def known(self) -> tuple[str, str]:
        """A file that would be legal but for one entry in which PySD alone runs code, or did in some version."""
        self.legal = True
        suffix, text = self._whole()
        return suffix, self._injected(text, suffix)

    def _whole(self) -> tuple[str, str]:
        suffix = self.random.choice((".mdl", ".mdl", ".xmile", ".stmx", ".xml"))
        return suffix, self._vensim() if suffix == ".mdl" else self._xmile()

    def _code(self) -> str:
        return self.random.choice(ENDS).format(self.random.choice(CODE))

    def _text(self) -> str:
        """What may stand anywhere."""
        pick = self.random.random()
        return self._code() if pick < 0.5 else self.random.choice(WORDS) if pick < 0.9 else str(self.random.random())

    def _name(self) -> str:
        if self.legal:
            return '"' + self._code().replace("\\", "").replace('"', "") + str(self.random.random()) + '"'
        if self.random.random() < 0.3:
            return self.random.choice(WORDS)
        inner = "".join(self._text() for _ in range(self.random.randint(1, 2)))
        return (
            '"' + inner.replace("\\", "\\\\").replace('"', '\\"') + '"' if self.random.random() < 0.7 else f'"{inner}"'
        )

    def _names(self) -> list[str]:
        return [self._name() for _ in range(self.random.randint(2, 5))]

    def _number(self) -> str:
        return self.random.choice(("1", "0", "2.5", "1e-3", "-3", "1e999", ".5", "007", "9" * 400, "0x10", "1_0", "1j"))

    def _expression(self, names: list[str], depth: int = 0) -> str:
        inner: Callable[[], str] = lambda: self._expression(names, depth + 1)  # noqa: E731
        pick = self.random.random() * (0.69 if self.legal else 1) if depth < 4 else 0.1
        if pick < 0.35:
            return self.random.choice([*names, "Time"])
        if pick < 0.5:
            return (
                self._number()
                if not self.legal and self.random.random() < 0.3
                else self.random.choice(("1", "2.5", "0.125"))
            )
        if pick < 0.7:
            return f"({inner()} {self.random.choice('+-*/^')} {inner()})"
        if pick < 0.85:
            function = self.random.choice(FUNCTIONS if self.random.random() < 0.5 else FUNCTIONS[:7])
            return f"{function}({', '.join(inner() for _ in range(self.random.randint(1, 3)))})"
        if pick < 0.9:
            return f"{self.random.choice(names)}({inner()})"
        if pick < 0.94:
            sign = self.random.choice(("<", "=", ":AND:", "<>"))
            return f"IF THEN ELSE({inner()} {sign} {inner()}, {inner()}, {inner()})"
        if pick < 0.97:
            return f"WITH LOOKUP({inner()}, {self._table()})"
        return self.random.choice(
            (f"'{self._text()}'", f"{inner()}[{self._text()}]", self._text(), "{" + self._text() + "}")
        )

    def _table(self) -> str:
        limits = self.random.choice(("", "[(0,0)-(1,1)],", f"[{self._code()},(0,0)],", f"[(0,0)-({self._code()})],"))
        points = self.random.choice(("(0,0),(1,1)", "(0,0),(1,2),(3,4)", f"(0,{self._text()}),(1,1)", "0,1,2,3"))
        return f"({limits}{points})"

    def _note(self) -> str:
        return re.sub("[|~\\[\\]]", "", self._text())

    def _unit(self) -> str:
        limits = self.random.choice(("", "", "[0,10]", "[?,?]", f"[{self._text()},1]", "[1,2,3]"))
        return (self._text() if self.random.random() < 0.3 else "Dmnl").replace("|", "") + f" {limits}"

    def _entry(self, name: str, names: list[str]) -> str:
        # a stock before all others, or the variables would define each other in a circle
        right = self._expression(names[:1] if self.legal else names)
        if self.legal:
            stock = name == names[0]
            return (
                f"{name} = {f'INTEG({right}, 1)' if stock else right}\n\t~\t{self._note()}\n\t~\t{self._note()}\n\t|\n"
            )
        form = self.random.choice(("{n} = {r}",) * 8 + (
            "{n} == {r}", "{n} := {r}", "{n}{t}", "{n} = INTEG({r}, 1)", "{n} = INTEG({r}, 1)", "{n}: {r}",
            "{n}[{x}] = {r}", "{n} <-> {x}", "{n}: ({x}1-{x}3)", "{n}",
            ":MACRO: {n}({x}) {n} = {r} ~ ~ | :END OF MACRO:", "{n} :RAW: := {r}",
            "{n} :TEST INPUT: {r}", "{n} :THE CONDITION: {r}", "{n} = A FUNCTION OF({x})",
        ))  # fmt: skip
        left = form.format(n=name, r=right, t=self._table(), x=self._text())
        if self.random.random() < 0.1:
            left = left.replace(" ", "\\\n\t\t", 1)
        return f"{left}\n\t~\t{self._unit()}\n\t~\t{self._text() if self.random.random() < 0.3 else ''}\n\t|\n"

    def _vensim(self) -> str:
        names = self._names()
        header = (
            "{UTF-8}"
            if self.legal
            else self.random.choice(("{UTF-8}",) * 5 + ("{UTF-7}", "{unicode_escape}", f"{{{self._text()}}}", ""))
        )
        entries = [self._entry(name, names) for name in names]
        entries += [f"{name} = {value} ~~|\n" for name, value in _SETTINGS]
        if not self.legal and self.random.random() < 0.1:
            entries.insert(1, f"*****\n\t{self._text()}\n*****~\n\t|\n")
        sketch = f"\\\\\\---/// {self._text()}\n///---\\\\\\\n{self._text()}" if self.random.random() < 0.2 else ""
        return "\n".join([header, *entries, sketch])

    def _xmile(self) -> str:
        names = self._names()
        attribute = (
            ""
            if self.legal
            else self.random.choice(("", "", f" access={quoteattr(self._text())}", f" {self._text()}=''"))
        )
        body = "".join(self._element(name, names, attribute) for name in names)
        head = "" if self.legal else self.random.choice(("",) * 5 + (
            f"<!DOCTYPE x [<!ENTITY a {quoteattr(self._text())}>]>", '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
            f"<?{PROOF} {self._text()}?>", f"<!--{self._text()}-->",
        ))  # fmt: skip
        space = _SPACE if self.legal else self.random.choice((_SPACE,) * 6 + (self._text(),))
        more = "" if self.legal else self.random.choice(("",) * 4 + (
            f"<macro name={quoteattr(self._text())}><eqn>1</eqn></macro>",
            f"<dimensions><dim name={quoteattr(self._text())}/></dimensions>",
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>',
            f"<data><import resource={quoteattr(self._text())}/></data>",
        ))  # fmt: skip
        return (
            f'<?xml version="1.0" encoding="utf-8"?>{head}<xmile version="1.0" xmlns={quoteattr(space)}><header/>{more}'
            "<sim_specs><start>0</start><stop>96</stop><dt>0.125</dt></sim_specs>"
            f"<model><variables>{body}</variables></model></xmile>"
        )

    def _element(self, name: str, names: list[str], attribute: str) -> str:
        if self.legal:
            tag = "stock" if name == names[0] else "aux"
            right = "1" if tag == "stock" else escape(self._expression(names[:1]))
            notes = f"<units>{escape(self._note())}</units><doc>{escape(self._note())}</doc>"
            return f"<{tag} name={quoteattr(name[1:-1])}><eqn>{right}</eqn>{notes}</{tag}>"
        tag = self.random.choice(("aux", "aux", "aux", "flow", "stock", "gf", "module"))
        bare = name.strip('"') if self.random.random() < 0.5 else name
        right = escape(self._expression(names))
        if self.random.random() < 0.1:
            right = f"<![CDATA[{self._expression(names)}]]>"
        inner = f"<eqn>{right}</eqn>"
        if tag == "stock":
            inner = f"<eqn>1</eqn><inflow>{escape(self.random.choice(names))}</inflow>"
        if tag == "gf" or self.random.random() < 0.1:
            points = self.random.choice(("1,2", f"1,{escape(self._text())}"))
            inner += self.random.choice((
                f"<gf><xscale min={quoteattr(self._text())} max='1'/><ypts sep=';'>{points}</ypts></gf>",
                f"<gf><xscale min='0' max='1'/><ypts sep={quoteattr(self._text())}>{points}</ypts></gf>",
                f"<gf type={quoteattr(self._text())}><xpts>0,1</xpts><ypts>{points}</ypts></gf>",
                f"<gf><xscale min='0' max='1'/><ypts>{points}</ypts></gf>",
            ))  # fmt: skip
        if self.random.random() < 0.3:
            inner += f"<units>{escape(self._text())}</units><doc>{escape(self._text())}</doc>"
        if self.random.random() < 0.1:
            inner += f"<range min={quoteattr(self._text())} max='1'/>"
        return f"<{tag} name={quoteattr(bare)}{attribute}>{inner}</{tag}>"

    def _injected(self, text: str, suffix: str) -> str:
        code = self.random.choice(CODE[:3] + CODE[6:])
        way = self.random.randrange(4)
        if suffix != ".mdl":
            name, other = (f"x{bars}y'+str({code})+'" for bars in ("_", "__"))
            use = escape(f'"{other}"(1) + "{other}"(2)')
            return text.replace("</variables>", (
                f"<aux name={quoteattr(name)}><eqn>1</eqn></aux><aux name='used'><eqn>{use}</eqn></aux></variables>"
            ))  # fmt: skip
        entry = (
            f"\"x_y'+str({code})+'\" = 1 ~~|\nused = \"x__y'+str({code})+'\"(1) ~~|\n",
            f"used = WITH LOOKUP(Time, ([({code} and 0,0)-(1,1)],(0,0),(1,1))) ~~|\n",
            f'used = 1 ~~""" + str({code}) + """|\n',
            f"table(:MACRO: f(x) f = x ~~| :END OF MACRO:[(0,0)-({code} and 1,1)],(0,0),(1,1)) ~~|\n",
        )[way]
        return text.replace("INITIAL TIME", f"{entry}INITIAL TIME", 1)

    def _mutated(self, text: str) -> str:
        for _ in range(self.random.randint(1, 4)):
            at, length = self.random.randrange(len(text)), self.random.randint(0, 8)
            middle = self.random.choice(
                ("", self._text(), text[at : at + 30], self.random.choice("\"'\\~|()[]{}<>&;%\n\t\0"))
            )
            text = text[:at] + middle + text[at + length :]
        return text


_SPACE = "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"
_SETTINGS = (("INITIAL TIME", "0"), ("FINAL TIME", "96"), ("TIME STEP", "0.125"), ("SAVEPER", "1"))
