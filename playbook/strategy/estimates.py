"""What people believe about a number: three values or a mean with its spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from playbook.engagement.documents import Part
from playbook.stats import draws
from playbook.text import gettext as _
from playbook.text.numbers import number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Share = Annotated[float, Field(ge=0, le=1)]


class Estimate(Part):
    """A number nobody knows exactly, by three values.

    ``limits`` reads the three as the corners of a triangle, ``p10_p90`` as quantiles of a
    metalog distribution (Keelin 2016).
    """

    low: float = Field(description="smallest value thought possible, or undercut in 1 of 10 cases")
    middle: float = Field(description="most likely value, or undercut in half of the cases")
    high: float = Field(description="largest value thought possible, or exceeded in 1 of 10 cases")
    means: Literal["limits", "p10_p90"] = Field(
        default="limits", description="how the three values are meant: limits or p10_p90"
    )

    @model_validator(mode="after")
    def _possible(self) -> Estimate:
        """Refuse values out of order, and quantiles that no distribution has."""
        if not self.low <= self.middle <= self.high:
            words = _("Estimates out of order: low {low}, middle {middle}, high {high}.")
            raise ValueError(words.format(**self._written()))
        if self.means == "p10_p90" and not self._has_distribution():
            words = _(
                "No distribution has these quantiles: {low}, {middle}, {high}. The middle "
                "value stands too close to one end; say what the rare large case would be."
            )
            raise ValueError(words.format(**self._written()))
        return self

    def at(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values at the probabilities ``u``."""
        if self.means == "p10_p90":
            return draws.metalog_quantile(u, low=self.low, median=self.middle, high=self.high)
        return draws.triangular_quantile(u, low=self.low, mode=self.middle, high=self.high)

    def widened(self, factor: float) -> Estimate:
        """The same middle with both sides further away by ``factor``."""
        low = self.middle - factor * (self.middle - self.low)
        high = self.middle + factor * (self.high - self.middle)
        return self.model_copy(update={"low": low, "high": high})

    def around(self, middle: float) -> Estimate:
        """The same relative spread around another middle; ``middle`` must not be zero."""
        ratio = middle / self.middle
        moved = {key: getattr(self, key) * ratio for key in ("low", "middle", "high")}
        return self.model_copy(update=moved)

    def _has_distribution(self) -> bool:
        return draws.metalog_exists(low=self.low, median=self.middle, high=self.high)

    def _written(self) -> dict[str, str]:
        return {key: plain(getattr(self, key)) for key in ("low", "middle", "high")}


class Belief(Part):
    """A number known up to a normal error: what is expected, and how far off it may be."""

    mean: float = Field(description="expected value")
    sd: float = Field(gt=0, description="standard deviation of that belief")

    def at(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values at the probabilities ``u``."""
        return draws.normal_quantile(u, mean=self.mean, sd=self.sd)


def plain(value: float) -> str:
    """A number with as many digits as it was written with.

    Example:
        >>> plain(0.018)
        '0.018'
    """
    fraction = f"{value:.6f}".rstrip("0").partition(".")[2]
    return number(value, len(fraction))
