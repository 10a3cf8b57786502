"""How many origins there really are (domain model, section 6): only `independent` counts, unknown does not.

Copies, clips and versions of one recording are one origin, and so is everything that repeats another.
"""

from collections.abc import Iterable, Mapping

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.evidence import Independence, Source
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.membership import family_of

_LARGEST_EXACT = 24
"""Up to so many origins the largest independent set is found exactly; beyond, one surely no larger."""
_INDEPENDENT = frozenset(("independent",))


def independent_source_count(case: CaseFile, family: str) -> int | None:
    """How many independent sources a footage family is: one, or None while nobody has described it."""
    found = case.get(FootageFamily, family)
    return 1 if found is not None and found.kind == "footage_family" else None


def origin_of(case: CaseFile, reference: str) -> str:
    """The origin behind a name: what a relay repeats; the footage of an item, a version or a source."""
    seen = [reference]
    source = case.get(Source, reference)
    while source is not None and source.relays is not None and source.relays not in seen:
        seen.append(source.relays)
        source = case.get(Source, source.relays)
    if source is not None:
        return source.footage or seen[-1]
    return family_of(case, seen[-1]) or case.once(_family_of_version).get(seen[-1], seen[-1])


def are_independent(case: CaseFile, a: str, b: str) -> bool:
    """Whether two origins are recorded as independent, and nothing recorded says otherwise."""
    first, second = origin_of(case, a), origin_of(case, b)
    if first == second:
        return False
    recorded = case.once(_recorded)
    found = recorded.get(frozenset((first, second)), frozenset())
    direct = recorded.get(frozenset((a, b)), frozenset())
    return found == _INDEPENDENT and direct <= _INDEPENDENT


def independent_origins(case: CaseFile, references: Iterable[str]) -> frozenset[frozenset[str]]:
    """The origins in groups: as many as the largest set whose members are all independent of each other.

    Each group holds one member of that set and the names that depend on it; with `len` it is counted.
    """
    names = sorted(set(references))
    by_origin: dict[str, list[str]] = {}
    for name in names:
        by_origin.setdefault(origin_of(case, name), []).append(name)
    firsts = sorted(group[0] for group in by_origin.values())
    beside = {
        name: frozenset(
            other
            for other in firsts
            if other != name
            and any(
                are_independent(case, one, two)
                for one in by_origin[origin_of(case, name)]
                for two in by_origin[origin_of(case, other)]
            )
        )
        for name in firsts
    }
    chosen = _largest(firsts, beside)
    groups = {name: set(by_origin[origin_of(case, name)]) for name in chosen}
    for name in firsts:
        if name not in groups:
            keeper = next(each for each in chosen if each not in beside[name])
            groups[keeper].update(by_origin[origin_of(case, name)])
    return frozenset(frozenset(group) for group in groups.values())


def _largest(names: list[str], beside: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The first largest set of names that all stand beside one another (Bron and Kerbosch 1973, bounded)."""
    best: tuple[str, ...] = ()
    if len(names) > _LARGEST_EXACT:
        for name in names:
            if all(other in beside[name] for other in best):
                best = (*best, name)
        return best
    open_sets: list[tuple[tuple[str, ...], tuple[str, ...]]] = [((), tuple(names))]
    while open_sets:
        chosen, left = open_sets.pop()
        if len(chosen) > len(best):
            best = chosen
        if len(chosen) + len(left) <= len(best):
            continue
        first, rest = left[0], left[1:]
        open_sets.append((chosen, rest))
        open_sets.append(((*chosen, first), tuple(each for each in rest if each in beside[first])))
    return best


def _recorded(case: CaseFile) -> Mapping[frozenset[str], frozenset[str]]:
    """What is recorded between two names, and between their footage; a relay speaks for itself alone."""
    found: dict[frozenset[str], set[str]] = {}
    for relation in case.all(Independence):
        given = frozenset(relation.between)
        sources = [case.get(Source, name) for name in relation.between]
        relayed = any(source is not None and source.relays is not None for source in sources)
        origins = given if relayed else frozenset(origin_of(case, name) for name in relation.between)
        for pair in {given, origins}:
            found.setdefault(pair, set()).add(relation.relation)
    return {pair: frozenset(relations) for pair, relations in found.items()}


def _family_of_version(case: CaseFile) -> Mapping[str, str]:
    """The family of each version that others report."""
    found: dict[str, str] = {}
    for reference, family in case.named(FootageFamily).items():
        for version in family.members_reported_elsewhere:
            found.setdefault(version.ref, reference)
    return found
