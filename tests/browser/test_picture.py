"""The pictures of the README, taken from the product: ``make picture`` keeps them."""

import os
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.fixture
def album(tmp_path):
    """Where pictures go: the folder named by PLAYBOOK_PICTURES, else one that is thrown away."""
    folder = Path(os.environ.get("PLAYBOOK_PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize(("lang", "name"), [("en", "dashboard.png"), ("ru", "dashboard.ru.png")])
def test_the_dashboard_can_be_pictured(visit, album, lang, name):
    with visit(width=1200, height=1400, device_scale_factor=1.5) as tab:
        page = tab.live(f"/{lang}/executive")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=album / name)
    assert (album / name).stat().st_size > 20_000


def test_the_list_of_steps_can_be_pictured(visit, album):
    with visit(width=1200, height=1100, device_scale_factor=1.5) as tab:
        tab.go("/en/").screenshot(path=album / "steps.png")
    assert (album / "steps.png").stat().st_size > 20_000
