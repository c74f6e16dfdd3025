#!/usr/bin/env python3
"""Makes oracle.txt: random revision graphs and what Alembic plans on them.

A development tool: run it with Alembic installed (Debian: python3-alembic), as
    PYTHONHASHSEED=0 python3 make_oracle.py > oracle.txt
tests/unit/revision/test_graph_oracle.c replays the file. It is made again only when a rule
changes on purpose; the last line counts what was left out, with the reason.

Lines of the file (an index is the place of a revision in the load order, as one character):
    g                                a new graph
    r ID DOWNS DEPENDS LABELS        its revisions in load order; "-" for none
    i HEADS REALHEADS BASES          by index
    l INDEX LABELS                   the labels that a revision shows, where there are any
    x EXPRESSION RESULT              resolve
    u ROWS EXPRESSION RESULT         upgrade: steps in order
    d ROWS EXPRESSION RESULT         downgrade
    s ROWS EXPRESSIONS RESULT        stamp: all that is applied afterwards, by index
    h RANGE RESULT                   history, newest first
A RESULT is a string of indexes, "-" where it is empty, "!" where it is an error.

Left out, because Whimbrel differs on purpose (docs/internals/graph.md gives the reasons):
    crash            Alembic ends in an assertion, KeyError or the like; Whimbrel gives an error
    branch-member    downgrade to B@X does not check that X belongs to B; Whimbrel does
    base-minus       base-N counts down from the heads; in Whimbrel it is too far
    branch-way       B@-N is refused where B is declared below the row; Whimbrel follows the row
    history-base     A = -N that passes a base; A = B@X where B is not exactly a label
    history-below    A = -N whose revisions contain each other are refused, and with +N as B
    stamp-lost       stamping several drops one of them; or base beside others
    stamp-prefix     stamp B@X looks for a prefix X outside of B too
    branch-head      history to B@head+N takes the head of all; Whimbrel that of B
    branch-unknown   B@base does not check that there is a B
    one-revision     a prefix that fits the id and a label of one revision is "ambiguous"
Changed to what Whimbrel plans:
    several-rows     -N with several rows takes a random one; Whimbrel calls it ambiguous
    overlap          targets that contain each other are refused; Whimbrel takes the upper ones
    declared-order   normalised dependencies are a hash set; Whimbrel keeps their declared order
"""
import collections
import random
import sys
import warnings

from alembic.runtime.migration import HeadMaintainer, StampStep
from alembic.script.revision import (ResolutionError, Revision, RevisionError, RevisionMap)
from alembic.util import CommandError

INDEXES = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
GRAPHS = 1400
left_out = collections.Counter()


class Skip(Exception):
    pass


class Graph:
    def __init__(self, rng):
        self.rng = rng
        self.rows_cache = None
        n = rng.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 18])
        style = rng.choice(["short", "long", "close"])
        made = []
        fork = rng.choice([0.1, 0.3, 0.5])
        merge = rng.choice([0.0, 0.1, 0.25])
        base = rng.choice([0.0, 0.05, 0.2])
        depend = rng.choice([0.0, 0.0, 0.1, 0.3])
        label = rng.choice([0.05, 0.2])
        for k in range(n):
            downs, deps, labels = (), (), ()
            if made and rng.random() >= base:
                heads = [m for m in range(k) if not any(m in r[1] for r in made)]
                pool = list(range(k)) if rng.random() < fork else heads
                width = 1 if rng.random() >= merge else rng.choice([2, 2, 3])
                downs = tuple(rng.sample(pool, min(width, len(pool))))
            if made and rng.random() < depend:
                pool = [m for m in range(k)]
                deps = tuple(rng.sample(pool, min(rng.choice([1, 1, 2, 3]), len(pool))))
            if rng.random() < label:
                labels = tuple(f"br{k}{t}" for t in range(rng.choice([1, 1, 2])))
            made.append((self.make_id(style, k), downs, deps, labels))
        self.specs = made
        order = list(range(n))
        if rng.random() < 0.5:
            rng.shuffle(order)
        self.load = []
        for k in order:
            rid, downs, deps, labels = made[k]
            named = []
            for d in deps:
                choices = [made[d][0]] + list(made[d][3])
                named.append(rng.choice(choices))
            self.load.append((rid, tuple(made[d][0] for d in downs), tuple(named), labels))
        self.ids = [r[0] for r in self.load]
        self.labels = [x for r in self.load for x in r[3]]
        self.map = RevisionMap(lambda: [
            Revision(rid, downs or None, deps or None, labels or None)
            for rid, downs, deps, labels in self.load])
        self.map._revision_map
        for rid in self.ids:  # declared-order
            rev = self.map._revision_map[rid]
            normal = set(rev._normalized_resolved_dependencies)
            rev._normalized_resolved_dependencies = tuple(
                d for d in dict.fromkeys(rev._resolved_dependencies) if d in normal)

    def make_id(self, style, k):
        if style == "short":
            return f"r{k}"
        if style == "long":
            return f"{self.rng.randrange(16**5):05x}{k}"
        return f"abc{k % 3}x{k}"

    def get(self, rid):
        return self.map._revision_map[rid]

    def index(self, rid):
        return INDEXES[self.ids.index(rid)]

    def show(self, rids):
        return "".join(self.index(r) for r in rids) or "-"

    def links(self, rid):
        return self.get(rid)._normalized_down_revisions

    def closure(self, rids):
        seen, todo = set(), list(rids)
        while todo:
            r = todo.pop()
            if r not in seen:
                seen.add(r)
                todo.extend(self.links(r))
        return seen

    def maximal(self, applied):
        linked = {d for r in applied for d in self.links(r)}
        return tuple(r for r in self.ids if r in applied and r not in linked)

    def random_rows(self):
        rng = self.rng
        if rng.random() < 0.15:
            return ()
        picked = rng.sample(self.ids, rng.choice([1, 1, 1, 2, 3]) if len(self.ids) > 2 else 1)
        return self.maximal(self.closure(picked))

    # expressions

    def name(self):
        rng = self.rng
        kind = rng.random()
        if kind < 0.5:
            return rng.choice(self.ids)
        if kind < 0.62 and self.labels:
            return rng.choice(self.labels)
        if kind < 0.72:
            text = rng.choice(self.ids + self.labels)
            return text[:rng.randrange(1, len(text) + 1)]
        return rng.choice(["head", "heads", "base", "head", "nowhere"])

    def branch(self):
        rng = self.rng
        if self.labels and rng.random() < 0.7:
            return rng.choice(self.labels)
        if rng.random() < 0.1:
            return "nobranch"
        return rng.choice(self.ids)

    def absolute(self):
        text = self.name()
        if self.rng.random() < 0.3:
            text = self.branch() + "@" + text
        return text

    def relative(self, sign):
        rng = self.rng
        text = f"{sign}{rng.choice([1, 1, 1, 2, 2, 3, 5])}"
        if rng.random() < 0.45:
            text = self.name() + text
        if rng.random() < 0.4:
            text = self.branch() + "@" + text
        return text

    def expression(self, usual_sign):
        rng = self.rng
        if rng.random() < 0.45:
            return self.absolute()
        return self.relative(usual_sign if rng.random() < 0.85 else rng.choice("+-"))


def guarded(graph, call, branch=""):
    """Runs what Alembic does; gives ids, or None for an error of its own."""
    try:
        return call()
    except (RevisionError, CommandError) as error:
        cause = error if isinstance(error, ResolutionError) else error.__cause__
        if "Multiple revisions start" in str(cause):
            keys = [k for k in graph.map._revision_map
                    if isinstance(k, str) and len(k) > 3 and k.startswith(cause.argument)]
            found = {graph.get(k).revision for k in keys}
            if len(found) == 1 or (branch and len(found & lineage(graph, branch)) == 1):
                raise Skip("one-revision")
        return None
    except (AssertionError, KeyError, AttributeError, TypeError, IndexError, ValueError):
        raise Skip("crash")


def lineage(graph, branch):
    rev = graph.map._resolve_branch(branch)
    same = set()
    for other in graph.ids:
        if graph.map._shares_lineage(other, [rev.revision]):
            same.add(other)
    return same


def split(expr):
    """Branch, name, sign, number."""
    branch, at, rest = expr.rpartition("@")
    for sign in "+-":
        if sign in rest:
            name, _, number = rest.partition(sign)
            return branch, name, sign, int(number)
    return branch, rest, "", 0


def check_branch(graph, expr):
    branch, name, sign, _ = split(expr)
    try:
        if branch and not sign:
            graph.map._resolve_branch(branch)
    except RevisionError:
        if name == "base":
            raise Skip("branch-unknown")


def upgrade(graph, rows, expr):
    branch, name, sign, _ = split(expr)
    check_branch(graph, expr)
    if name == "base" and sign == "-":
        raise Skip("base-minus")

    def run(target):
        return [r.revision for r in
                graph.map.iterate_revisions(target, rows, implicit_base=True)][::-1]

    def call():
        try:
            return run(expr)
        except RevisionError as error:
            if "overlaps" not in str(error):
                raise
            targets = [r.revision for r in graph.map._parse_upgrade_target(rows, expr, True)]
            upper = [t for t in targets
                     if not any(t != o and t in graph.closure([o]) for o in targets)]
            return run(tuple(upper))
    return guarded(graph, call)


def downgrade(graph, rows, expr):
    branch, name, sign, _ = split(expr)
    if name == "base" and sign == "-":
        raise Skip("base-minus")
    if branch and not sign:
        try:
            members = lineage(graph, branch)
        except RevisionError:
            return None  # Alembic looks at the branch only where it needs it
        key = graph.map._revision_map.get(name)
        if name != "base" and (key is None or key.revision not in members):
            raise Skip("branch-member")
    if sign == "-" and not name and not branch and len(rows) > 1:
        return None  # several-rows
    return guarded(graph, lambda: [r.revision for r in graph.map.iterate_revisions(
        rows, expr, select_for_downgrade=True)])


def downgrade_way(graph, rows, expr):
    """As downgrade, but leaves out the refusals that Whimbrel does not have."""
    result = downgrade(graph, rows, expr)
    branch, name, sign, _ = split(expr)
    if result is None and sign == "-" and not name and branch:
        try:
            list(graph.map.iterate_revisions(rows, expr, select_for_downgrade=True))
        except RevisionError as error:
            if "Not a valid downgrade target" in str(error):
                raise Skip("branch-way")
        except AssertionError:
            raise Skip("crash")
    return result


class Silent:
    class impl:
        @staticmethod
        def _exec(*_):
            class Result:
                rowcount = 1
            return Result

    class dialect:
        supports_sane_rowcount = False

    as_sql = True

    def __init__(self):
        import sqlalchemy
        self._version = sqlalchemy.Table("alembic_version", sqlalchemy.MetaData(),
                                         sqlalchemy.Column("version_num", sqlalchemy.String))
        self.version_table = "alembic_version"


def stamp(graph, rows, exprs):
    from alembic.script.base import ScriptDirectory
    fake = ScriptDirectory.__new__(ScriptDirectory)
    fake.revision_map = graph.map
    for e in exprs:
        check_branch(graph, e)
    if len(exprs) > 1 and any(split(e)[1] == "base" for e in exprs):
        raise Skip("stamp-lost")

    def call():
        steps = fake._stamp_revs(tuple(exprs) if len(exprs) > 1 else exprs[0], rows)
        keeper = HeadMaintainer(Silent(), rows)
        for step in steps:
            keeper.update_to_step(step)
        return keeper.heads
    after = guarded(graph, call, split(exprs[0])[0])
    if after is None:
        if all(resolve(graph, e) is not None for e in exprs):
            raise Skip("stamp-prefix")
        return None
    for e in exprs:
        for rev in graph.map.get_revisions(e):
            if rev.revision not in graph.closure(after):
                raise Skip("stamp-lost")
    applied = graph.closure(after)
    return [r for r in graph.ids if r in applied]


def history(graph, lower, upper):
    branch, name, sign, number = split(lower) if lower else ("", "", "", 0)
    if sign and (sign == "+" or name):
        raise Skip("history-base")
    if branch and branch not in graph.labels:
        raise Skip("history-base")
    if sign == "-":
        for head in graph.map.get_revisions("heads"):
            try:
                if graph.map._walk(head, -number) in (None, "base"):
                    raise Skip("history-base")
            except RevisionError:
                return None
    for end in (lower, upper):
        check_branch(graph, end or "")
    upper_branch, upper_name, upper_sign, _ = split(upper or "")
    if upper_branch and upper_sign and upper_name in ("head", "heads"):
        raise Skip("branch-head")
    try:
        if upper_branch:
            graph.map._resolve_branch(upper_branch)
    except RevisionError:
        return None  # Alembic looks at the branch only where a walk has a step to make
    result = guarded(graph, lambda: [r.revision for r in graph.map.iterate_revisions(
        upper or "heads", lower or "base", inclusive=True, assert_relative_length=False)])
    if result is None and sign == "-":
        raise Skip("history-below")
    return result


def resolve(graph, expr):
    check_branch(graph, expr)
    return guarded(graph, lambda: [r.revision for r in graph.map.get_revisions(expr)],
                   split(expr)[0])


def emit(out, graph, head, call):
    try:
        result = call()
    except Skip as reason:
        left_out[str(reason)] += 1
        return
    out.append(head + " " + ("!" if result is None else graph.show(result)))


def describe(out, graph):
    out.append("g")
    for rid, downs, deps, labels in graph.load:
        out.append("r %s %s %s %s" % (rid, ",".join(downs) or "-", ",".join(deps) or "-",
                                      ",".join(labels) or "-"))
    out.append("i %s %s %s" % (graph.show(graph.map.heads), graph.show(graph.map._real_heads),
                               graph.show(graph.map.bases)))
    for rid in graph.ids:
        labels = sorted(graph.get(rid).branch_labels)
        if labels:
            out.append("l %s %s" % (graph.index(rid), ",".join(labels)))


def questions(out, graph):
    rng = graph.rng
    for _ in range(3):
        expr = graph.absolute()
        emit(out, graph, f"x {expr}", lambda: resolve(graph, expr))
    for _ in range(9):
        rows = graph.random_rows()
        expr = graph.expression("+") if rng.random() < 0.8 else "heads"
        emit(out, graph, f"u {graph.show(rows)} {expr}", lambda: upgrade(graph, rows, expr))
    for _ in range(9):
        rows = graph.random_rows()
        expr = graph.expression("-") if rng.random() < 0.8 else "base"
        emit(out, graph, f"d {graph.show(rows)} {expr}",
             lambda: downgrade_way(graph, rows, expr))
    for _ in range(4):
        rows = graph.random_rows()
        exprs = [graph.absolute() for _ in range(rng.choice([1, 1, 1, 2]))]
        emit(out, graph, f"s {graph.show(rows)} {','.join(exprs)}",
             lambda: stamp(graph, rows, exprs))
    for _ in range(4):
        lower = rng.choice([None, graph.absolute(), graph.absolute(), f"-{rng.choice([1, 2, 3])}"])
        upper = rng.choice([None, graph.absolute(), graph.relative("+")])
        emit(out, graph, f"h {lower or ''}:{upper or ''}",
             lambda: history(graph, lower, upper))


def main():
    warnings.simplefilter("ignore")
    rng = random.Random(20251024)
    out = []
    made = 0
    while made < GRAPHS:
        try:
            graph = Graph(rng)
        except RevisionError:
            continue
        made += 1
        describe(out, graph)
        # One group of questions each is enough for tiny graphs.
        questions(out, graph)
    seen = set()
    text = []
    for line in out:
        if line == "g":
            seen.clear()
        if line not in seen:
            text.append(line)
        seen.add(line)
    print("\n".join(text))
    print("# left out: " + ", ".join(f"{k} {v}" for k, v in sorted(left_out.items())))


if __name__ == "__main__":
    sys.exit(main())
