"""Funnels the slow and obvious way: every chain of one customer is looked at.

An event is ``(time, steps that it fits, exclusions that it belongs to)``; an exclusion is ``(after, before)``, steps
counted from 0.
"""

from __future__ import annotations


def chains(events, steps, *, window=None, mode="ordered", ties="steps", exclusions=(), starts=(-(10**9), 10**9)):  # noqa: C901
    """Every chain as a tuple of ``(time, place of the event)``."""
    found = []
    banned = [[time for time, _, member in events if at in member] for at in range(len(exclusions))]

    def excluded(times, step):
        return any(
            after < step <= before and any(times[after] <= at <= times[step] for at in banned[number])
            for number, (after, before) in enumerate(exclusions)
        )

    def whole(chain):
        if mode != "contiguous":
            return True
        used, (first, last) = {at for _, at in chain}, (chain[0][0], chain[-1][0])
        return all(at in used for at, (time, *_) in enumerate(events) if first < time < last)

    def go(chain):
        if chain and whole(chain):
            found.append(tuple(chain))
        step = len(chain)
        if step == steps:
            return
        for at, (time, fits, _) in enumerate(events):
            if step not in fits or any(at == other for _, other in chain):
                continue
            if not chain and not starts[0] <= time < starts[1]:
                continue
            late = not chain or (time > chain[-1][0] if ties == "later" else time >= chain[-1][0])
            if late and (window is None or not chain or time - chain[0][0] <= window):
                more = [*chain, (time, at)]
                if not excluded([time for time, _ in more], step):
                    go(more)

    go([])
    return found


def reported(found, anchor):
    """The chain whose times are reported, of all chains."""
    if not found:
        return ()

    def backwards(chain):
        return tuple(time for time, _ in reversed(chain))

    if anchor == "first_entry":
        first = min(chain[0][0] for chain in found)
        found = [chain for chain in found if chain[0][0] == first]
    depth = max(map(len, found))
    found = [chain for chain in found if len(chain) == depth]
    keys = {
        "first_entry": lambda chain: backwards(chain),
        "earliest_longest": lambda chain: (chain[0][0], backwards(chain)),
        "latest_entry": lambda chain: (-chain[0][0], backwards(chain)),
        "first_completion": lambda chain: (chain[-1][0], -chain[0][0], backwards(chain)),
    }
    return min(found, key=keys[anchor])


def unordered(events, steps, *, window=None, starts=(-(10**9), 10**9)):
    """The times of the deepest set of events that fill different steps: complete first, then begun last."""
    found = []

    def go(chosen, done, least):
        if chosen:
            times = sorted(events[at][0] for at in chosen)
            if starts[0] <= times[0] < starts[1] and (window is None or times[-1] - times[0] <= window):
                found.append(times)
        for at in range(least, len(events)):
            for step in events[at][1] - done:
                go([*chosen, at], done | {step}, at + 1)

    if steps:
        go([], frozenset(), 0)
    depth = max(map(len, found), default=0)
    best = [times for times in found if len(times) == depth]
    return tuple(min(best, key=lambda times: (times[-1], -times[0], times), default=()))


def attempts(events, steps, **rules):
    """The times of each attempt: from a start to its conversion, or until nothing can follow any more."""
    window, found, done = rules.get("window"), [], None
    while True:
        rest = [event for event in events if done is None or event[0] > done]
        every = chains(rest, steps, **{name: value for name, value in rules.items() if name != "steps_"})
        if not every:
            return found
        start = min(chain[0][0] for chain in every)
        mine = [chain for chain in every if chain[0][0] == start]
        chain = tuple(time for time, _ in reported(mine, "first_entry"))
        found.append(chain)
        if len(chain) == steps:
            done = max(chain[-1], start)
            continue
        done = _over(rest, start, mine, window, rules)
        if done is None:
            return found


def _over(events, start, chains_of_start, window, rules):
    """The last instant of an attempt that does not convert; None if it lasts as long as the log."""
    over = None if window is None else start + window
    if rules.get("mode") == "contiguous" or rules.get("exclusions"):
        # An attempt is over at the first instant after which no chain of its start could be longer.
        for time in sorted({event[0] for event in events if event[0] >= start}):
            if over is not None and time > over:
                break
            if not _alive(events, start, time, rules):
                return time
    return over


def _alive(events, start, until, rules):
    """Whether a chain of a start, as it stands after an instant, could still be carried on by a later event."""
    steps = rules["steps_"]
    later = max(event[0] for event in events) + 1
    for step in range(1, steps):
        more = [event for event in events if event[0] <= until] + [(later, {step}, set())]
        plain = {name: value for name, value in rules.items() if name not in {"steps_", "window"}}
        carried = chains(more, steps, **plain)
        if any(chain[0][0] == start and len(chain) == step + 1 and chain[-1][1] == len(more) - 1 for chain in carried):
            return True
    return False
