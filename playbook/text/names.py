"""Names of the sample chain: the id used in data and its English label.

``text.name`` shows them in the reader's language; a company's own names stay as
they are.
"""

from __future__ import annotations

NAMES: dict[str, str] = {
    "north": "North",
    "west": "West",
    "centre": "Centre",
    "volga": "Volga",
    "south": "South",
    "ural": "Ural",
    "whole_chain": "Whole chain",
    "no_region": "Without a region",
    "core": "Core",
    "growing": "Growing",
    "new": "New",
    "seasonal": "Seasonal",
    "sleeping": "Falling asleep",
    "small": "Small shop",
    "standard": "Standard shop",
    "large": "Large shop",
    "bonus_committee": "Bonus committee",
    "training": "Training",
    "data": "Data",
    "fidelity": "Fidelity",
    "queue": "Queue",
    "process": "Process",
    "mailing": "Mailing",
    "complaints": "Complaints",
    "audit": "Audit",
}
