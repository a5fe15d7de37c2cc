import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

PHONE = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}
QUESTION = {"en": "All steps", "ru": "Все шаги"}
PATHS = ("/{}/", "/{}/01_why_retention", "/{}/executive")


def numbers(page):
    """The key figures that follow the sliders."""
    return page.locator(".widget-html .figure .value").all_inner_texts()


def push(page, slider=0, times=3):
    """Move a slider by the keyboard and wait until its answer has come."""
    before = numbers(page)
    handle = page.locator(".pb-sliders .noUi-handle").nth(slider)
    handle.focus()
    for _time in range(times):
        handle.press("ArrowRight")
    page.wait_for_function(
        "before => JSON.stringify([...document.querySelectorAll('.widget-html .figure .value')]"
        ".map(e => e.innerText)) !== before",
        arg=page.evaluate("v => JSON.stringify(v)", before),
        timeout=10_000,
    )
    return before, numbers(page)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_index_lists_every_step_and_is_there_without_a_kernel(visit, lang):
    with visit() as tab:
        page = tab.go(f"/{lang}/")
        assert page.locator(".pb-step").count() == 12
        assert page.locator(".pb-step.is-done").count() == 12
        assert page.get_attribute("html", "lang") == lang
        assert page.locator("#jupyter-config-data").count() == 0


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("path", ["/{}/01_why_retention", "/{}/executive"])
def test_a_slider_moves_and_the_numbers_follow(visit, lang, path):
    with visit() as tab:
        page = tab.live(path.format(lang))
        assert page.locator(".pb-top nav a").first.inner_text() == QUESTION[lang]
        before, after = push(page)
        assert before != after


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_lever_of_the_dashboard_changes_the_value(visit, lang):
    with visit() as tab:
        page = tab.live(f"/{lang}/executive")
        for slider in range(3):
            before, after = push(page, slider)
            assert before[0] != after[0]


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("path", PATHS)
def test_a_phone_needs_no_scrolling_to_the_side(visit, lang, path):
    with visit(**PHONE) as tab:
        page = tab.go(path.format(lang))
        page.wait_for_load_state("networkidle")
        assert not tab.is_wider_than_the_screen()


def test_a_thumb_can_take_hold_of_a_slider(visit):
    with visit(**PHONE) as tab:
        page = tab.live("/en/executive")
        reach = page.locator(".pb-sliders .noUi-touch-area").first.bounding_box()
        assert min(reach["width"], reach["height"]) >= 40


def test_dark_and_light_follow_the_reader_and_the_address(visit):
    def paper(page):
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    with visit(color_scheme="dark") as tab:
        assert paper(tab.go("/en/")) == "rgb(20, 23, 26)"
        assert paper(tab.go("/en/?theme=light")) == "rgb(255, 255, 255)"
    with visit(color_scheme="light") as tab:
        assert paper(tab.go("/en/executive?theme=dark")) == "rgb(20, 23, 26)"


def test_leaving_a_page_ends_its_kernel(visit, pages):
    with visit() as tab:
        tab.go("/ru/")
        pages.wait(lambda health: health["ready"] == health["kernels"])
        waiting = pages.health()["kernels"]
        tab.live("/ru/01_why_retention")
        assert pages.health()["kernels"] == waiting + 1
        tab.go("/ru/")
        pages.wait(lambda health: health["kernels"] == waiting, seconds=10)


def test_a_printed_page_is_whole(visit):
    with visit() as tab:
        page = tab.live("/en/executive")
        printed = page.pdf(format="A4", print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 2
        page.emulate_media(media="print")
        last = page.locator("#rendered_cells table, #rendered_cells p").last.bounding_box()
        assert last["y"] + last["height"] <= page.evaluate("document.documentElement.scrollHeight")


def test_the_language_switch_stays_on_the_page(visit):
    with visit() as tab:
        page = tab.go("/en/executive")
        page.locator(".pb-languages a", has_text="RU").click()
        page.wait_for_url("**/ru/executive")


def test_the_first_answer_is_there_before_the_scripts(visit):
    with visit(java_script_enabled=False) as tab:
        page = tab.go("/en/executive")
        assert page.locator(".pb-until-live .figure .value").count() >= 3
