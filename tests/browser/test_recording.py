"""What a person records on a page; last, since it changes what the pages show."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_a_decision_recorded_on_a_page_is_on_the_list_and_on_the_dashboard(visit):
    with visit() as tab:
        page = tab.go("/en/11_tracking")
        form = page.locator(".pb-decision")
        form.wait_for(timeout=60_000)
        button = form.locator("button")
        button.click()
        page.locator(".pb .error").wait_for(timeout=10_000)  # nothing is filled in yet
        form.locator("input[type=radio]").first.check()
        for field, words in enumerate(("Head of operations", "as the signal says")):
            form.locator("input[type=text]").nth(field).fill(words)
            form.locator("input[type=text]").nth(field).press("Tab")
        button.click()
        form.get_by_text("Head of operations").wait_for(timeout=10_000)
    with visit() as tab:
        page = tab.go("/en/#11_tracking")
        assert "Head of operations" in page.locator(".pb-step").last.inner_text()
        assert "as the signal says" in tab.go("/en/executive").content()
