"""Has a site been silent for much longer than its rhythm? Pure: times in, judgement out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from archive.times import moment_of

FEWEST_GAPS = 5
FEWEST_LOOKS = 3  # runs that found nothing: a crawl that was off says nothing about the site
SHORTEST = timedelta(days=4)  # a long weekend
TIMES = 2.0
NINE_OF_TEN = 0.9


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a site has brought nothing new, and how long it usually takes at most, nine times in ten."""

    since: str
    lasted: timedelta
    usual: timedelta
    looks: int

    @property
    def is_long(self) -> bool:
        """Whether that is much longer than its rhythm."""
        return self.looks >= FEWEST_LOOKS and self.lasted > max(SHORTEST, TIMES * self.usual)

    def told(self) -> str:
        """In words."""
        return (
            f"nothing new since {self.since[:10]}, for {_span(self.lasted)}; usually it is {_span(self.usual)} at most"
        )


def _span(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"


def silence_of(arrivals: Sequence[str], looks: Sequence[str]) -> Silence | None:
    """The silence at the last of ``looks``, given when articles came for the first time; ``None`` without a rhythm.

    Both are times in order.
    """
    moments = [moment_of(each) for each in arrivals]
    gaps = sorted(after - before for before, after in pairwise(moments))
    if len(gaps) < FEWEST_GAPS or not looks:
        return None
    usual = gaps[min(int(len(gaps) * NINE_OF_TEN), len(gaps) - 1)]
    in_vain = sum(look > arrivals[-1] for look in looks)
    return Silence(arrivals[-1], max(moment_of(looks[-1]) - moments[-1], timedelta(0)), usual, in_vain)
