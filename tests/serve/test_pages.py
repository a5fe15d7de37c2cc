import re
import time
import urllib.parse
import urllib.request

import pytest

from playbook.serve.access import Tokens
from playbook.serve.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_the_bare_address_leads_to_the_index_in_the_engagements_language(server):
    status, headers, _text = server.get("/")
    assert (status, headers["Location"]) == (302, "/ru/")


def test_a_language_chosen_before_wins(server):
    assert server.get("/", Cookie="playbook-lang=en")[1]["Location"] == "/en/"


def test_a_page_is_executed_in_the_language_of_its_address(server):
    _status, _headers, text = server.get("/ru/executive")
    assert '<html lang="ru">' in text
    assert "<p class=number>41 ru ru</p>" in text
    assert "<p class=number>41 en en</p>" in server.get("/en/executive")[2]


def test_a_page_shows_neither_code_nor_traceback(server):
    text = server.get("/en/executive")[2] + server.get("/en/02_goals")[2]
    assert "PLAYBOOK_HOME" not in text
    assert "Traceback" not in text
    assert "ZeroDivisionError" not in text


def test_a_mistake_stands_in_its_place_and_the_page_goes_on(server):
    text = server.get("/en/02_goals")[2]
    assert text.count("The goals are missing.") == 1
    assert "Run step 02." in text
    assert "NameError" not in text
    assert "still here" in text
    assert "The end." in text


def test_a_defect_is_owned_up_to_once(server):
    text = server.get("/en/02_goals")[2]
    assert text.count("could not be worked out") == 1


def test_an_unknown_page_is_told_in_the_readers_language(server):
    status, _headers, text = server.get("/en/no_such_page")
    assert status == 404
    assert "There is no such page." in text
    assert '<html lang="ru">' in server.get("/ru/no_such_page")[2]
    assert server.get("/no/such/place")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api/kernels",
        "/api/contents",
        "/api/contents/en/executive.ipynb",
        "/voila/render/en/executive.ipynb",
        "/voila/files/en/executive.ipynb",
        "/voila/api/contents",
        "/voila/tree",
        "/nbconvert/html/en/executive.ipynb",
        "/voila/templates/playbook/static/../../../../../../../../../../etc/passwd",
        "/voila/static/../../../../../../../../../../etc/passwd",
        "/assets/../../../../../etc/passwd",
        "/assets/..%2F..%2Fsite.py",
        "/en/..%2F..%2Frecord",
    ],
)
def test_what_nobody_needs_is_closed(server, path):
    status, _headers, text = server.get(path)
    assert status in (403, 404)
    assert "root:" not in text


def test_a_foreign_host_name_is_refused(server):
    assert server.get("/healthz", Host="evil.example")[0] == 403


def test_pages_forbid_other_hosts_and_frames(server):
    policy = server.get("/en/executive")[1]["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy


def test_no_page_names_another_host(server):
    text = server.get("/en/executive")[2]
    addresses = re.findall(r'(?:src|href)="(\w+:)?//([^/"]+)', text)
    assert addresses == []


def test_a_template_asked_for_by_address_is_not_taken(server):
    assert "pb-top" in server.get("/en/executive?template=classic&theme=../../x")[2]


def test_our_style_may_be_kept_because_its_address_changes_with_it(server):
    address = re.search(r'href="(/assets/page\.css\?v=\w+)"', server.get("/en/executive")[2])[1]
    status, headers, text = server.get(address)
    assert status == 200
    assert "immutable" in headers["Cache-Control"]
    assert "http" not in re.sub(r"http://www\.w3\.org\S*", "", text)


def test_leaving_a_page_ends_its_kernel(server):
    before = server.kernels()
    text = server.get("/en/executive")[2]
    kernel = re.search(r'"kernelId": "([\w-]+)"', text)[1]
    assert server.kernels() == before + 1
    leave = urllib.request.Request(f"{server.url}/voila/api/shutdown/{kernel}", data=b"")
    assert server.ask(leave)[0] == 204
    assert server.kernels() == before
    assert server.ask(leave)[0] == 204  # a browser says it twice


def test_an_open_page_can_ask_whether_its_kernel_is_still_there(server):
    kernel = re.search(r'"kernelId": "([\w-]+)"', server.get("/en/executive")[2])[1]
    assert '"alive": true' in server.get(f"/alive/{kernel}")[2]
    server.ask(urllib.request.Request(f"{server.url}/voila/api/shutdown/{kernel}", data=b""))
    assert '"alive": false' in server.get(f"/alive/{kernel}")[2]


@pytest.fixture(scope="module")
def heated(make_site, start):
    """A server whose board waits ready."""
    return start(make_site(preheated=("en/executive",)))


def test_a_waiting_page_is_worked_out_before_anybody_comes(heated):
    assert wait_until(lambda: heated.ready() == 1)
    assert "<p class=number>41 en en</p>" in heated.get("/en/executive")[2]
    assert wait_until(lambda: heated.ready() == 1)  # the next one waits already


def test_a_waiting_page_never_shows_old_numbers(heated):
    assert wait_until(lambda: heated.ready() == 1)
    heated.site.home.joinpath("number").write_text("42")
    heated.site.engagement.record.append("result/Value", "computed", {"hash": "new"})
    assert "<p class=number>42 en en</p>" in heated.get("/en/executive")[2]


def test_waiting_pages_are_renewed_once_a_run_has_come_to_rest(heated):
    assert wait_until(lambda: heated.ready() == 1)
    waiting = set(heated.pages.seen_by)
    heated.site.home.joinpath("number").write_text("43")
    heated.site.engagement.record.append("decision/05.fund", "decided", {"choice": "yes"})
    assert wait_until(lambda: heated.ready() == 1 and not waiting & set(_ready_ids(heated)))
    assert "<p class=number>43 en en</p>" in heated.get("/en/executive")[2]


def _ready_ids(server):
    pools = server.pages.kernel_manager._pools.values()
    return [item.result()["kernel_id"] for pool in pools for item in pool if item.done()]


@pytest.fixture(scope="module")
def guarded(make_site, start):
    """A server that asks for tokens."""
    return start(make_site(), tokens=Tokens("lead", "read"))


def enter(server, token):
    """The cookie that a token gives."""
    _status, headers, _text = server.get(f"/en/executive?token={token}")
    return headers["Set-Cookie"].partition(";")[0]


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/en/executive", "/en/copy/02_goals", "/en/02_goals"]
)
def test_without_a_token_every_page_asks_for_it(guarded, path):
    status, headers, _text = guarded.get(path)
    assert status == 302
    assert headers["Location"].startswith("/enter")


def test_a_wrong_token_opens_nothing(guarded):
    assert guarded.get("/en/executive?token=wrong")[0] == 302
    assert guarded.get("/enter?token=wrong")[0] == 401


def test_a_token_moves_from_the_address_into_a_cookie(guarded):
    status, headers, _text = guarded.get("/en/executive?token=read&theme=dark")
    assert (status, headers["Location"]) == (302, "/en/executive?theme=dark")
    assert "HttpOnly" in headers["Set-Cookie"]
    assert "SameSite=Lax" in headers["Set-Cookie"]


def test_readers_see_the_dashboard_but_no_forms(guarded):
    cookie = enter(guarded, "read")
    assert guarded.get("/en/executive", Cookie=cookie)[0] == 200
    status, _headers, text = guarded.get("/en/02_goals", Cookie=cookie)
    assert status == 403
    assert "facilitator" in text


def test_the_facilitator_sees_the_forms(guarded):
    assert guarded.get("/en/02_goals", Cookie=enter(guarded, "lead"))[0] == 200


def test_kernels_are_closed_to_whoever_has_no_token(guarded):
    text = guarded.get("/en/executive", Cookie=enter(guarded, "read"))[2]
    kernel = re.search(r'"kernelId": "([\w-]+)"', text)[1]
    assert guarded.get(f"/api/kernels/{kernel}")[0] == 403
    leave = urllib.request.Request(f"{guarded.url}/voila/api/shutdown/{kernel}", data=b"")
    assert guarded.ask(leave)[0] == 403


def test_the_form_takes_a_token_and_leads_on_within_the_pages_only(guarded):
    _status, headers, text = guarded.get("/enter?next=/en/executive")
    cookie = headers["Set-Cookie"].partition(";")[0]
    twin = re.search(r'name="_xsrf" value="([^"]+)"', text)[1]
    form = urllib.parse.urlencode({"token": "read", "_xsrf": twin}).encode()
    for wanted, goal in (("/en/executive", "/en/executive"), ("//evil.example", "/ru/")):
        request = urllib.request.Request(
            f"{guarded.url}/enter?next={wanted}", data=form, headers={"Cookie": cookie}
        )
        status, headers, _text = guarded.ask(request)
        assert (status, headers["Location"]) == (302, goal)


def test_a_site_names_its_pages_by_the_last_part_of_their_address(make_site):
    site: Site = make_site()
    assert list(site.by_slug) == ["02_goals", "executive"]
