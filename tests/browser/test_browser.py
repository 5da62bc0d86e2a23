"""The site as readers use it: in a browser, by pointer and by keyboard, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

NAPS = "/codex/claims/naps-restore-attention-within-twenty-minutes"
PAGES = [
    "/",
    NAPS,
    "/codex/claims/queues-form-where-trust-is-missing",
    "/codex/sources/2026-02-10-okafor-twenty-minute-naps",
    "/codex/domains/sleep",
    "/codex/agents/mara",
    "/codex/contributors/ada",
    "/changes",
    "/changes?field=confidence",
    "/codex/beliefs/agents-mara-beliefs--a-tired-mind-chooses-badly",
    "/codex/entities/drowsy-labs",
    "/codex/documents/agents-mara-positions-naps-should-be-paid-time",
    "/codex/documents/maps-everything-about-rest",
    "/search?q=naps",
    "/search?q=xyzzy",
    "/map",
    "/health",
    "/data",
    "/export",
    "/api",
    "/codex",
    "/codex/claims",
    "/codex/claims?domain=nowhere",
    "/codex/problems?code=dead-link",
    "/codex/positions/agents-mara-positions-naps-should-be-paid-time",
    "/codex/search?q=naps",
    "/codex/support_chain",
    "/codex?sql=select+id,+body+from+claims",
    "/graphql",
]
FAULTY = ["/nothing/here", "/codex?sql=select+nothing"]
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


def faults(page: Page) -> list[str]:
    """What axe has to say against a page, as it is now."""
    found = Axe().run(page, options=STANDARD).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_shut_out(page: Page, path: str) -> None:
    page.goto(path)
    look(page)


@pytest.mark.parametrize("path", FAULTY)
def test_nobody_is_shut_out_of_the_pages_that_say_what_went_wrong(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto(path)
    look(page)
    context.close()


def look(page: Page) -> None:
    """Nothing is wrong with the page on a wide screen and on a narrow one, in the light and in the dark."""
    page.wait_for_load_state("networkidle")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert faults(page) == [], (width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nobody_is_shut_out_of_the_page_of_what_is_gone(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, viewport={"width": 320, "height": 900})
    page.goto("/codex/claims/siestas-survive-where-summers-are-hot")
    expect(page.locator("h1")).to_have_text("This claim is no longer here")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_changes_are_narrowed_down_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/changes")
    page.get_by_label("Agent", exact=True).select_option("mara")
    page.get_by_label("Field", exact=True).select_option("confidence")
    page.get_by_role("button", name="Narrow down").click()
    expect(page.locator(".subject")).to_have_text(["mara: enrich (#8)", "mara: look again (#7)"])
    context.close()


def test_a_slash_goes_to_the_search_and_arrows_lead_to_a_result(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("naps")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=naps")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    first = page.locator("ol.results > li > a").first
    expect(first).to_be_focused()
    title = first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


def test_a_slash_in_a_field_is_a_slash(page: Page) -> None:
    page.goto("/search")
    field = page.locator("main input[name=q]")
    field.fill("a")
    field.press("/")
    expect(field).to_have_value("a/")


def test_a_glance_comes_with_the_focus_and_goes_with_escape(page: Page) -> None:
    page.goto(NAPS)
    link = page.locator("#for-and-against ~ ul a.claim-link").first
    link.focus()
    glance = page.locator(".glance")
    expect(glance).to_contain_text(link.inner_text())
    page.keyboard.press("Escape")
    expect(glance).to_have_count(0)
    expect(link).to_be_focused()


def test_a_glance_stays_while_it_is_pointed_at(page: Page) -> None:
    page.goto(NAPS)
    page.locator("#for-and-against ~ ul a.claim-link").first.hover()
    glance = page.locator(".glance")
    expect(glance).to_be_visible()
    glance.hover()
    page.wait_for_timeout(600)
    expect(glance).to_be_visible()


def test_the_map_shows_what_is_asked_for(page: Page) -> None:
    page.goto("/map")
    page.locator("#map[data-ready]").wait_for()
    status = page.locator("#map-status")
    everything = status.inner_text()
    page.get_by_label("speculative").uncheck()
    expect(status).not_to_have_text(everything)
    page.get_by_label("speculative").check()
    expect(status).to_have_text(everything)
    page.locator("#map-domain").select_option("sleep")
    expect(status).not_to_have_text(everything)
    expect(page.locator("#map-list a").first).to_be_visible()


def test_the_map_is_moved_and_zoomed_by_keys(page: Page) -> None:
    page.goto("/map")
    page.locator("#map[data-ready]").wait_for()
    canvas = page.locator("#map-canvas")
    canvas.focus()
    before = canvas.screenshot()
    canvas.press("+")
    canvas.press("ArrowRight")
    page.wait_for_timeout(300)
    assert canvas.screenshot() != before


def test_the_explorer_of_graphql_opens_without_another_host(page: Page) -> None:
    page.goto("/graphql")
    expect(page.locator(".graphiql-container").first).to_be_visible()


def test_the_dark_is_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    red, green, blue = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert max(red, green, blue) < 60


def test_a_claim_is_read_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(NAPS)
    expect(page.locator("h1")).to_be_visible()
    page.goto("/map")
    expect(page.locator("svg.regions")).to_be_visible()
    context.close()


def test_every_link_and_control_of_a_claim_is_reached_by_tab(page: Page) -> None:
    page.goto(NAPS)
    reachable = "a[href], button, input, summary, [tabindex='0']"
    expected = page.evaluate(
        f"[...document.querySelectorAll({reachable!r})].filter(one => one.checkVisibility()).length"
    )
    seen = set()
    for _ in range(expected + 2):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        outline = "document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) != "none"
    assert len(seen) >= expected


def test_a_question_in_sql_is_asked_from_the_keyboard(page: Page) -> None:
    page.goto("/codex?sql=select+1")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("select count(*) as naps from claims where title like '%nap%'")
    page.keyboard.press("Control+Enter")
    expect(page.locator("th.col-naps")).to_be_visible()
    page.locator(".CodeMirror").click()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()


def test_the_explorer_of_graphql_answers(page: Page) -> None:
    page.goto("/graphql")
    page.get_by_title("Execute Query (Ctrl-Enter)").click()
    expect(page.locator(".result-window")).to_contain_text('"nodes"')


def test_every_example_of_the_explorer_finds_something(page: Page) -> None:
    page.goto("/graphql")
    for title in page.locator(".examples a").all_text_contents():
        page.get_by_role("link", name=title).click()
        expect(page.get_by_role("link", name=title)).to_have_attribute("aria-current", "page")
        expect(page.locator(".query-editor")).to_contain_text(title)
        page.get_by_title("Execute Query (Ctrl-Enter)").click()
        expect(page.locator(".result-window")).to_contain_text('"data"')
        expect(page.locator(".result-window")).not_to_contain_text('"errors"')


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """The address of another site, which has an empty page."""
    (tmp_path / "index.html").write_text("<!doctype html>")
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_script_of_another_site_reads_what_it_asks_for_and_what_was_wrong_with_it(
    browser: Browser, address: str, elsewhere: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    ask = """async ([address, body]) => {
        const json = { "content-type": "application/json" };
        const answer = await fetch(address, body ? { method: "POST", headers: json, body: JSON.stringify(body) } : {});
        return [answer.status, answer.headers.get("etag") !== null, Object.keys(await answer.json())];
    }"""
    status, tagged, keys = page.evaluate(ask, [f"{address}/codex/growth.json", None])
    assert (status, tagged, "rows" in keys) == (200, True, True)
    query = {"query": "{ claims(first: 1) { nodes { id } } }"}
    assert page.evaluate(ask, [f"{address}/graphql", query]) == [200, False, ["data"]]
    status, tagged, keys = page.evaluate(ask, [f"{address}/codex/nothing.json", None])
    assert (status, "error" in keys) == (404, True)
    context.close()
