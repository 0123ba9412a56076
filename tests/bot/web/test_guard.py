"""Who may ask: any web page can reach loopback, so strangers are told apart on every route."""

from __future__ import annotations

import re

import aiohttp
import pytest

from bot.texts import say
from tests.bot.web.pages import SECONDS, Page

pytestmark = pytest.mark.asyncio(loop_scope="package")

ROUTES = (
    ("GET", "/"),
    ("GET", "/c/x"),
    ("GET", "/page/chat.js"),
    ("GET", "/page/none"),
    ("GET", "/api/chats/x/photos"),
    ("POST", "/api/chats/x/photos"),
    ("DELETE", "/api/chats/x/photos?author=me"),
    ("GET", "/api/chats/x/find?q=a"),
    ("GET", "/api/photos/0123456789abcdef"),
    ("DELETE", "/api/photos/0123456789abcdef?author=me"),
    ("GET", "/api/photos/0123456789abcdef/picture"),
    ("GET", "/api/photos/0123456789abcdef/marked"),
    ("GET", "/api/photos/0123456789abcdef/thumb"),
    ("GET", "/api/stats"),
    ("GET", "/api/everything"),
    ("GET", "/api/everything/0123456789abcdef/picture"),
    ("POST", "/api/backup"),
    ("GET", "/ws/chats/x"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),
    ("GET", "/nothing/here"),
)
WITH_KEY = [route for route in ROUTES if route[1].startswith("/api/")]


def foreign_hosts(port: int) -> tuple[str, ...]:
    names = (
        "evil.com",
        "127.0.0.1.evil.com",
        "localhost.evil.com",
        "0.0.0.0",
        "[::]",
        "127.0.0.2",
        "2130706433",
    )
    with_port = [f"{name}:{port}" for name in names]
    return (
        *with_port,
        "127.0.0.1",
        "localhost",
        f"127.0.0.1:{port + 1}",
        "127.0.0.1:80",
        f"127.0.0.1:{port}0",
        "",
    )


def foreign_origins(port: int) -> tuple[str, ...]:
    return (
        "http://evil.com",
        f"http://evil.com:{port}",
        f"https://127.0.0.1:{port}",
        "http://127.0.0.1",
        f"http://127.0.0.1:{port + 1}",
        f"http://127.0.0.1:{port}.evil.com",
        f"http://127.0.0.1:{port}@evil.com",
        f"http://http://127.0.0.1:{port}",
        "file://",
        "null",
        "",
    )


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_a_rebound_name_is_refused_everywhere_even_with_the_key(
    page: Page, method: str, path: str
) -> None:
    for host in foreign_hosts(page.port):
        for origin in ({}, {"Origin": page.origin}, {"Origin": f"http://{host}"}):
            headers = {"Host": host, "Cookie": page.cookie, **origin, **page.bearer}
            said = await page.bare(method, path, headers)

            assert (said.status, said.document["error"]) == (403, "foreign"), (host, origin)


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_a_foreign_page_is_refused_everywhere_even_with_the_cookie(
    page: Page, method: str, path: str
) -> None:
    for origin in foreign_origins(page.port):
        said = await page.bare(method, path, {"Origin": origin, "Cookie": page.cookie, **page.bearer})

        assert (said.status, said.document["error"]) == (403, "foreign"), origin


@pytest.mark.parametrize("origin", ["http://evil.com", "null"])
async def test_a_foreign_page_opens_no_socket(page: Page, origin: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        async with page.listening("x", Origin=origin):
            pytest.fail("it is open")

    assert refusal.value.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_request_that_a_browser_calls_foreign_is_refused(page: Page, site: str) -> None:
    for method, path in WITH_KEY:
        headers = {"Sec-Fetch-Site": site, "Cookie": page.cookie, "Origin": page.origin}

        assert (await page.bare(method, path, headers)).status == 403, path
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with page.listening("x", 0, "ko", **{"Sec-Fetch-Site": site}):
            pytest.fail("it is open")


@pytest.mark.parametrize(
    "cookie",
    [
        "chalkak-{port}={secret}",  # the secret itself is for operators: cookies know no ports
        "",
        "chalkak=x",
        "chalkak-{port}=",
        "chalkak-{port}=wrong",
        "chalkak-1={secret}",
        "chalkak-{port}={secret}x",
    ],
)
async def test_without_the_right_cookie_nothing_is_told(page: Page, cookie: str) -> None:
    given = cookie.format(port=page.port, secret=page.secret)
    for method, path in WITH_KEY:
        said = await page.bare(method, path, {"Cookie": given, "Origin": page.origin})

        assert (said.status, said.document["error"]) == (403, "locked"), path
    assert (await page.bare("GET", "/", {"Cookie": given})).status == 403


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer wrong", "Basic {secret}", "bearer {secret}", "Bearer {secret}x"]
)
async def test_a_wrong_bearer_opens_nothing(page: Page, given: str) -> None:
    for method, path in WITH_KEY:
        said = await page.bare(method, path, {"Authorization": given.format(secret=page.secret)})

        assert said.status == 403, path


async def test_a_socket_without_the_cookie_is_closed_with_a_code_that_the_page_understands(
    page: Page,
) -> None:
    async with page.listening("x", Cookie="chalkak=no") as socket:
        message = await socket.socket.receive(timeout=SECONDS)

    assert message.type is aiohttp.WSMsgType.CLOSE
    assert socket.socket.close_code == 4401


async def test_a_key_in_the_address_becomes_a_cookie_and_disappears(page: Page) -> None:
    said = await page.bare("GET", f"/c/walk?key={page.secret}")

    assert (said.status, said.headers["Location"]) == (303, "/c/walk")
    given = said.headers["Set-Cookie"]
    assert given.startswith(page.cookie)
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in given.split(";")}
    assert page.secret not in said.body.decode()
    opened = await page.bare("GET", "/c/walk", {"Cookie": given.split(";")[0]})
    assert opened.status == 200
    assert page.secret not in opened.body.decode()


async def test_a_wrong_key_gives_no_cookie(page: Page) -> None:
    for key in ("", "wrong", page.secret[:-1], page.secret + "a", "한글"):
        said = await page.bare("GET", f"/?key={key}")

        assert said.status == 403
        assert "Set-Cookie" not in said.headers


async def test_whoever_has_no_key_reads_how_to_get_one(page: Page) -> None:
    for lang in ("ko", "en"):
        said = await page.bare("GET", f"/?lang={lang}")

        assert said.body.decode() == say(lang, "error-locked")


@pytest.mark.parametrize(("method", "path"), [route for route in WITH_KEY if route[0] != "GET"])
async def test_what_changes_something_needs_an_origin_beside_the_cookie(
    page: Page, method: str, path: str
) -> None:
    said = await page.bare(method, path, {"Cookie": page.cookie})

    assert (said.status, said.document["error"]) == (403, "locked")


async def test_the_folders_secret_as_bearer_is_enough(page: Page) -> None:
    assert (await page.bare("GET", "/api/stats", page.bearer)).status == 200
    assert (await page.bare("DELETE", "/api/chats/x/photos?author=me", page.bearer)).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/everything"), ("GET", "/api/everything/0/picture"), ("POST", "/api/backup")],
)
async def test_operators_routes_refuse_the_cookie_of_the_page(page: Page, method: str, path: str) -> None:
    said = await page.ask(method, path)

    assert (said.status, said.document["error"]) == (403, "locked")


async def test_health_and_figures_are_open_under_our_name(page: Page) -> None:
    assert (await page.bare("GET", "/healthz")).document["status"] == "ok"
    assert (await page.bare("GET", "/metrics", {"Host": f"localhost:{page.port}"})).status == 200


async def test_nobody_is_allowed_across_origins(page: Page) -> None:
    for method, path in (*ROUTES, *(("OPTIONS", path) for _, path in ROUTES)):
        headers = {"Origin": page.origin, "Access-Control-Request-Method": "POST", "Cookie": page.cookie}
        said = await page.bare(method, path, headers)

        assert not [name for name in said.headers if name.lower().startswith("access-control-")]
        if method == "OPTIONS":
            assert said.status in (403, 404, 405), path


async def test_every_answer_carries_the_headers_that_protect_it(page: Page, cat: bytes, chat: str) -> None:
    answer = await page.answer_to(chat, cat)
    seen = [await page.ask(method, path) for method, path in ROUTES]
    seen += [await page.bare(method, path) for method, path in ROUTES]
    seen += [await page.bare(method, path, {"Host": "evil.com"}) for method, path in ROUTES]
    seen += [await page.get(f"/api/photos/{answer['id']}/{kind}") for kind in ("picture", "marked", "thumb")]
    seen.append(await page.bare("GET", f"/?key={page.secret}"))
    seen.append(await page.upload(chat, b"no picture"))

    assert {said.status for said in seen} >= {200, 303, 400, 403, 404, 415}
    for said in seen:
        policy = said.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert said.headers["X-Content-Type-Options"] == "nosniff"
        assert said.headers["X-Frame-Options"] == "DENY"
        assert said.headers["Referrer-Policy"] == "no-referrer"
        assert said.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert re.search("no-store|no-cache", said.headers["Cache-Control"])
    assert all(said.headers["Cache-Control"] == "no-store" for said in seen if b"\xff\xd8" in said.body[:2])


@pytest.mark.parametrize(
    "path",
    [
        "/page/../api/stats",
        "/page/%2e%2e/api/stats",
        "/page/..%2fapi%2fstats",
        "/page/../../../../etc/passwd",
        "/page/%2e%2e%2f%2e%2e%2fpage.py",
        "//api/stats",
        "/%61pi/stats",
        "/api/./stats",
        "/c/../api/stats",
        "/c/%2e%2e%2f",
        "/api/photos/..%2f..%2fstats",
        "/api/photos/%2e%2e/stats",
    ],
)
async def test_no_way_of_writing_a_path_gets_past_the_guard(page: Page, path: str) -> None:
    reader, writer = await page.connection()
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {page.host}\r\nConnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()

    assert re.match("HTTP/1.1 (400|403|404)", answer), answer
    assert "states" not in answer
    assert "root:" not in answer


async def test_a_path_with_the_key_that_leads_nowhere_is_not_found(page: Page) -> None:
    for path in ("/page/..%2fpage.py", "/page/%2e%2e%2fguard.py", "/api/photos/..%2f..%2fkey/picture"):
        said = await page.get(path)

        assert said.status == 404
        assert b"import" not in said.body
