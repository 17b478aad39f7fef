"""Which pages lean on which, chosen anew with all of a site's pages in view."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.bodies import (
    LEAST_BASE,
    LEVEL_AT_LEISURE,
    MOST_ANCHOR_STEPS,
    MOST_STEPS,
    Bodies,
    Packed,
    compress,
    decompress,
)
from archive.errors import ArchiveDamaged

EPOCH = 256  # pages, in the order of their time, that share an anchor: a template seldom lasts for fewer
CANDIDATES = 6
TRIALS = 12
QUICK = 3  # the level at which candidates are compared


def _spread(ids: Sequence[str], count: int) -> list[str]:
    """At most ``count`` of ``ids``, evenly apart."""
    return [ids[place * len(ids) // count] for place in range(count)] if len(ids) > count else list(ids)


@dataclass(slots=True)
class Repacking:
    """One group of bodies; those that cannot be read are left out, and named in ``damaged``."""

    bodies: Bodies
    damaged: list[str] = field(default_factory=list)
    _depths: dict[str, int] = field(default_factory=dict)
    _before: dict[str, str] = field(default_factory=dict)

    def run(self, group: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Packed, str]]:
        """Id, new form and encoding of each body of ``group``: pairs of id and address, in the order of their time."""
        anchor: str | None = None
        for start in range(0, len(group), EPOCH):
            epoch = [(body_id, url) for body_id, url in group[start : start + EPOCH] if self._is_whole(body_id)]
            if not epoch:
                continue
            chosen = self._choose([body_id for body_id, _ in epoch])
            yield self._repack(chosen, [anchor] if anchor and self._depths[anchor] < MOST_ANCHOR_STEPS else [])
            for body_id, url in epoch:
                if body_id != chosen:
                    yield self._repack(body_id, [self._before.get(url), chosen, anchor])
                self._before[url] = body_id
            anchor = chosen

    def _is_whole(self, body_id: str) -> bool:
        try:
            self.bodies.get(body_id)
        except ArchiveDamaged:
            self.damaged.append(body_id)
            return False
        return True

    def _choose(self, epoch: Sequence[str]) -> str:
        """Of some pages of an epoch, the one that some others cost least against."""
        trials = [self.bodies.get(body_id) for body_id in _spread(epoch[1:], TRIALS)]

        def cost(body_id: str) -> int:
            base = self.bodies.get(body_id)
            return sum(len(compress(trial, base, QUICK)) for trial in trials) if len(base) >= LEAST_BASE else 1 << 62

        return min(_spread(epoch, CANDIDATES), key=cost)

    def _repack(self, body_id: str, bases: Sequence[str | None]) -> tuple[str, Packed, str]:
        data = self.bodies.get(body_id)
        best, base = Packed(compress(data, level=LEVEL_AT_LEISURE)), None
        for base_id in dict.fromkeys(filter(None, bases)):
            found = self.bodies.get(base_id)
            if len(found) < LEAST_BASE or self._depths[base_id] >= MOST_STEPS:
                continue
            packed = Packed(compress(data, found, LEVEL_AT_LEISURE), base_id, self._depths[base_id] + 1)
            if len(packed.data) < len(best.data):
                best, base = packed, found
        if len(best.data) >= len(data):
            best, encoding = Packed(data), "identity"
        else:
            encoding = "zstd"
            if decompress(best.data, base) != data:
                raise ArchiveDamaged(f"body {body_id} does not come back from its new form; nothing was changed")
        self._depths[body_id] = best.depth
        return body_id, best, encoding
