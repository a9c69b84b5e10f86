"""Which drawings of the shipped model have kept places; `python -m shudian.report.diagrams.places` writes them anew."""

from __future__ import annotations

from shudian.exchange.draft import sectors_of
from shudian.exchange.layout import arrangement
from shudian.exchange.places import FILE, Places, asked, places_text
from shudian.files import write_text
from shudian.report.diagrams.causal_loops import loop_arrangement
from shudian.structure import load_model


def all_places() -> Places:
    """The places of all drawings of the model of now: pictures, views for other tools, loops."""
    model = load_model()
    asked.clear()
    for sector in sectors_of(model):
        for complete in (False, True):
            arrangement(model, sector, complete)
    for levers in (False, True):
        loop_arrangement(model, levers)
    return dict(asked)


if __name__ == "__main__":
    write_text(FILE, places_text(all_places()), replace=True)
    print(FILE)
