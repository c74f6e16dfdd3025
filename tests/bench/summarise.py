#!/usr/bin/env python3
"""Prints the table of one scenario from the results of bench.sh.

    summarise.py SCENARIO RESULTS

RESULTS holds one JSON object a line. The first contender is the floor. Every figure is the median
of the runs; the ratio is the median of the ratios to the floor's run of the same round, because
runs of one round had the same machine. Standard library only.
"""

import json
import statistics
import sys

COLUMNS = ("", "wall ms", "min", "max", "cpu ms", "peak MiB", "x floor", "round trips")


def median(values):
    return statistics.median(values)


def read(scenario, path):
    """The measured runs: contender -> round -> result, in the order of the first round."""
    contenders = {}
    with open(path) as lines:
        for line in lines:
            result = json.loads(line)
            if result["scenario"] == scenario:
                contenders.setdefault(result["contender"], {})[result["run"]] = result
    return contenders


def row(name, runs, floor):
    failed = [run for run in runs.values() if run["took"]["exit"] != 0]
    if failed:
        return (name, "failed") + ("",) * (len(COLUMNS) - 2)
    walls = [run["took"]["wall_s"] * 1000 for run in runs.values()]
    cpus = [(run["took"]["user_s"] + run["took"]["sys_s"]) * 1000 for run in runs.values()]
    memory = [run["took"]["rss_kib"] / 1024 for run in runs.values()]
    ratios = [
        run["took"]["wall_s"] / floor[number]["took"]["wall_s"]
        for number, run in runs.items()
        if number in floor
    ]
    trips = [run["counts"]["round_trips"] for run in runs.values() if run["counts"]]
    return (
        name,
        f"{median(walls):.1f}",
        f"{min(walls):.1f}",
        f"{max(walls):.1f}",
        f"{median(cpus):.1f}",
        f"{median(memory):.1f}",
        f"{median(ratios):.2f}" if ratios else "",
        f"{median(trips):.0f}" if trips else "",
    )


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    contenders = read(sys.argv[1], sys.argv[2])
    if not contenders:
        sys.exit(f"summarise: no results of {sys.argv[1]}")
    floor = next(iter(contenders.values()))
    rows = [COLUMNS] + [row(name, runs, floor) for name, runs in contenders.items()]
    widths = [max(len(line[column]) for line in rows) for column in range(len(COLUMNS))]
    for line in rows:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("  ".join(cells).rstrip())


main()
