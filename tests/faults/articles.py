"""Short made-up articles to disturb runs on: a few words each, and some inputs that are refused or stored once."""

import os
from pathlib import Path
from random import Random

TOWNS = ("Kelmouth", "Port Ellery", "Torran", "Saltby", "Dunmere", "Ashvale", "Oxley Bridge", "Ravensford")
NAMES = ("Ada Cole", "Tomas Varga", "Hana Quill", "Femi Adeyo", "Ruth Prewett", "Oskar Marsh", "Leila Sorrel")
POSTS = ("mayor", "harbour master", "union secretary", "finance minister", "chief engineer")
THINGS = ("pier", "tram line", "flood wall", "ferry terminal", "school roof", "water tower", "fish market", "library")
VERBS = ("said", "told reporters", "added", "insisted")
ENDS = ("before winter", "within two years", "when the money is there", "if the council agrees", "at last", "slowly")
# All inputs bear one time: it stands in the tables.
MODIFIED_AT = 1_750_000_000


def make_article(number: int, dice: Random) -> str:
    """One article; no two numbers give the same."""
    town, name, thing = dice.choice(TOWNS), dice.choice(NAMES), dice.choice(THINGS)
    return (
        f"Plan {number} for the {thing} of {town}\n\n"
        f"{town} will rebuild its {thing} number {number} for {dice.randint(2, 900)} million crowns.\n\n"
        f"“We have waited {number} days for the {thing}, and it will stand {dice.choice(ENDS)},” {name}, the "
        f"{dice.choice(POSTS)} of {town}, {dice.choice(VERBS)} on Tuesday.\n\n"
        f"About {dice.randint(20, 900)} people came to see the {dice.choice(THINGS)} of {dice.choice(TOWNS)}."
    )


def write_articles(folder: Path, count: int, *, seed: int = 1) -> Path:
    """`count` files in a folder, the same for the same seed: of thirty one is empty, one a copy, one a page."""
    dice = Random(seed)
    folder.mkdir(parents=True)
    text = ""
    for number in range(count):
        before, text = text, make_article(seed * 10_000 + number, dice)
        path = folder / f"{number:05}.txt"
        match number % 30:
            case 11:
                path.write_text("")
            case 17:
                path.write_text(before)
            case 23:
                paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
                path = path.with_suffix(".html")
                path.write_text(f"<html><body><article>{paragraphs}</article></body></html>")
            case _:
                path.write_text(text)
        os.utime(path, (MODIFIED_AT, MODIFIED_AT))
    return folder
