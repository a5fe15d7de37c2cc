"""The practice inputs of step 09: every planted defect is named at once."""

import pytest
import yaml

from playbook.engagement.documents import read
from playbook.errors import PlaybookError
from playbook.run import places
from playbook.scaling.incentives import Incentives
from playbook.scaling.organisation import Organisation
from playbook.scaling.processes import Processes

PLANTED = [
    (Processes, ["lane", "failing_share", "steps › 2 › id", "volume", "boss"]),
    (Organisation, ["unit region", "district_manager"]),
    (Incentives, ["rewards", "curve", "weight", "measures › 2"]),
]


@pytest.mark.parametrize(("kind", "places_of_defects"), PLANTED)
def test_every_planted_defect_is_named(kind, places_of_defects):
    path = places.sample() / "inputs_with_defects" / f"{kind.kind}.yaml"
    with pytest.raises(PlaybookError) as refusal:
        read(kind, yaml.safe_load(path.read_text("utf-8")))
    said = "\n".join(refusal.value.problems)
    for place in places_of_defects:
        assert place in said
