"""What a person who counted as well teaches about one place: by how much its numbers are off."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from pydantic import BaseModel, ConfigDict, Field

from sightline.analytics.doubt import Doubt

_LEAST = 0.02  # variance of a count of one, at least: people err as well


class AuditConfig(BaseModel):
    """What `sightline audit` found: a person's count beside ours of the same minutes.

    of        which number: in, out, entries, exits or visits
    counted   by the person
    expected  by us, and its `variance`
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str = Field(max_length=16)
    counted: float = Field(ge=0)
    expected: float = Field(ge=0)
    variance: float = Field(default=0.0, ge=0)


def audited(doubt: Doubt, share: float, audits: Sequence[AuditConfig]) -> Doubt:
    """The doubt put right by audits of the same number at the same place.

    share  standard error of what is wrong with an unaudited place, as a share
    How many true ones there are for one that is expected has a gamma distribution: about 1 before
    any audit; each adds its count to the one parameter and what was expected to the other
    (conjugate to Poisson, with less weight where our own variance is larger: Gelman et al.,
    "Bayesian Data Analysis", 2013). Before the audits it is as wide as `share`, or as they together
    demand (an empirical prior: Morris, "Parametric empirical Bayes inference", 1983), so that a
    place which is far off is believed to be. So audits may come in any order and in parts.
    """
    if share <= 0:
        return doubt
    scatters = [max(_LEAST, a.variance / a.expected if a.expected else 1.0) for a in audits]
    counted, expected = sum(a.counted for a in audits), sum(a.expected for a in audits)
    square = share**2
    if expected > 0:
        pairs = zip(audits, scatters, strict=True)
        chance = sum(a.expected * scatter for a, scatter in pairs) / expected**2
        square = max(square, min(1.0, (counted / expected - 1) ** 2 - chance))
    shape = rate = 1 / square
    for audit, scatter in zip(audits, scatters, strict=True):
        shape += audit.counted / scatter
        rate += audit.expected / scatter
    return doubt.times(shape / rate, sqrt(shape) / rate)
