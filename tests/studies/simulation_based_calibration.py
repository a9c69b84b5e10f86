"""The whole study behind seeds/studies/simulation_based_calibration.csv: about three hours of one core for 200 truths.

    python tests/studies/simulation_based_calibration.py 200            the study
    python tests/studies/simulation_based_calibration.py 40 --noise 2
    python tests/studies/simulation_based_calibration.py 40 --without own_finance_share
                                                                        the negative controls, which must fail

One line is added for each truth as it is done, so that the study can be interrupted and taken up again.
"""

from __future__ import annotations

import argparse
import csv
import sys
from concurrent.futures import as_completed
from pathlib import Path

from shudian.calibrate.calibration import Evidence
from shudian.calibrate.sampler import VERSION
from shudian.calibrate.simulation_based import FEWER_PARTICLES, Replicate, Trial, replicate
from shudian.calibrate.workers import submitted, worker_processes

FIRST = 1001
"""Seeds 1 to 200 were the truths of earlier studies, with fewer moves; their doubt is settled on others."""
STUDIES = Path(__file__).resolve().parents[2] / "seeds" / "studies"


def main() -> None:
    """Run what is missing."""
    options = argparse.ArgumentParser()
    options.add_argument("replications", type=int)
    options.add_argument("--noise", type=float, default=1.0)
    options.add_argument("--without")
    asked = options.parse_args()
    name = "simulation_based_calibration" + ("" if asked.noise == 1 else f"_noise_{asked.noise:g}")
    name += "" if asked.without is None else f"_without_{asked.without}"
    place = STUDIES / f"{name}.csv"
    place.parent.mkdir(exist_ok=True)
    done = set()
    made_with = {
        "inputs": Evidence().target().inputs_digest,
        "sampler": str(VERSION),
        "moves": str(FEWER_PARTICLES.sweeps * FEWER_PARTICLES.last_stages),
    }
    if place.exists():
        with place.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        if any(row.get(name) != value for row in rows for name, value in made_with.items()):
            sys.exit(f"{place} was made with other reports, another model or another sampler; move it away first")
        done = {int(row["seed"]) for row in rows}
    missing = [seed for seed in range(FIRST, FIRST + asked.replications) if seed not in done]
    if not missing:
        return
    trials = [Trial(seed, noise=asked.noise, without=asked.without) for seed in missing]
    with worker_processes(len(trials)) as pool:
        for future in as_completed(submitted(pool, replicate, trials)):
            add(place, made_with, future.result())


def add(place: Path, made_with: dict[str, str], found: Replicate) -> None:
    """One more line of the study."""
    new = not place.exists()
    with place.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(["seed", *made_with, "rhat", "extensions", *found.ranks])
        ranks = [f"{rank:.4f}" for rank in found.ranks.values()]
        writer.writerow([found.seed, *made_with.values(), f"{found.rhat:.4f}", found.extensions, *ranks])


if __name__ == "__main__":
    main()
