"""What others ask of a model's documentation, item by item, and the chapters of the book that answer.

After Rahmandad and Sterman (2012), System Dynamics Review 28, 396-411, minimum and preferred, and TRACE (Grimm and
others 2014, Ecological Modelling 280, 129-139); each item in our words, as texts `book_check_…` and `book_check_…_met`.
"""

from __future__ import annotations

from collections.abc import Mapping

CHECKLISTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "minimum": {
        "operations": ("equations",),
        "values": ("numbers", "equations"),
        "inputs": ("boundary", "scenarios", "evidence"),
        "platform": ("about",),
        "integration": ("about", "tests"),
        "settings": ("scenarios", "levers"),
        "handling": ("evidence", "modes"),
        "estimation": ("numbers", "structures"),
        "payoff": ("evidence",),
        "search": ("numbers", "tests"),
    },
    "preferred": {
        "units": ("equations", "numbers"),
        "sources": ("numbers", "evidence"),
        "reasons": ("equations",),
        "meanings": ("equations", "numbers"),
        "runnable": ("map", "tests"),
        "noise": ("equations", "tests"),
        "sensitivity": ("levers", "structures"),
        "second": ("tests",),
        "intervals": ("numbers",),
        "starts": ("tests",),
    },
    "trace": {
        "problem": ("hypothesis", "scenarios"),
        "description": ("equations", "numbers"),
        "data": ("evidence",),
        "concept": ("boundary", "hypothesis", "structures"),
        "implementation": ("tests",),
        "output": ("modes", "tests"),
        "analysis": ("levers", "structures"),
        "corroboration": ("forecasts", "failures"),
    },
}
"""List -> item -> chapters."""
