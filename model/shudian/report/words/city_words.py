"""What is said of a city of somebody's own: how much of it its file tells, and where the rest comes from."""

from __future__ import annotations

from shudian.cities import city_title, own_city
from shudian.evidence import load_parameters
from shudian.kinds import Language
from shudian.parameters import HOME
from shudian.structure import load_model
from shudian.wording import say


def city_file_text(city: str, language: Language) -> str:
    """How many numbers the file of `city` gives, and how many of a city's keep Zhengzhou's prior.

    Nothing of a shipped city. Raises InputError for a mistake in the file.
    """
    path = own_city(city)
    if path is None:
        return ""
    home, here = load_parameters(), load_model(city).parameters
    given = {name for name, parameter in here.items() if parameter != home[name]}
    local = {name for name, parameter in home.items() if parameter.local}
    return say(
        "city_file", language, home=city_title(HOME).text(language), file=path.name,
        given=len(given), all=len(local), left=len(local - given),
    )  # fmt: skip
