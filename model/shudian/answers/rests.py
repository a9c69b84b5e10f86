"""On what an answer rests: the shipped model or one that was changed, the posterior, the priors, or handed draws."""

from __future__ import annotations

from dataclasses import replace

from shudian.answers.own_draws import own_grounds
from shudian.answers.requests import AnyRequest
from shudian.grounds import Grounds, grounds_of
from shudian.kinds import InputError, Model
from shudian.structure import load_model


def model_for(request: AnyRequest, city: str) -> Model:
    """The model that answers `request` about `city`; raises InputError where one of another city was handed in."""
    model = request.own_model or load_model(city)
    if model.city != city:
        raise not_of(model, city)
    return model


def not_of(model: Model, city: str) -> InputError:
    """What is said where a model is another city's than the question is about."""
    return InputError(
        'the model is that of {model}; begin with sd.model("{city}") for this question', model=model.city, city=city
    )


def grounds_for(request: AnyRequest, model: Model, posterior: str = "") -> Grounds:
    """What an answer of `model` to `request` rests on, where `posterior` is the file of one, if it was named.

    Raises InputError for draws and a posterior at once, and as `own_grounds` and `grounds_of` do.
    """
    if request.own_draws is None:
        found = grounds_of(model.city, posterior, request.prior)
    elif posterior:
        raise InputError("draws of your own and a posterior file exclude each other; leave one of them out")
    else:
        found = own_grounds(request.own_draws, model, model.city, request.prior, request.seed)
    return replace(found, changed=model.changes)
