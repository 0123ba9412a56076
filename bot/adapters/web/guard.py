"""Who may ask: any web page can reach loopback, so every request proves that it is no stranger's.

Host must be ours (a rebound DNS name is not), Origin must be ours where a browser sends one, and
the secret of the data folder comes as a cookie (the page) or a bearer token (the command line).
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from secrets import compare_digest

from aiohttp import web

from bot.adapters.web.errors import Refused, answer_of, bug, language_of
from models.errors import ServiceError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

OPEN = ("/healthz", "/metrics")  # no secrets, no people
FILES = "/page/"
SAFE = frozenset({"GET", "HEAD"})
COOKIE_SECONDS = 30 * 86_400

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
        " connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",  # photos belong into the data folder and nowhere else
}


def _is_same(given: str, wanted: str) -> bool:
    return compare_digest(given.encode(errors="surrogateescape"), wanted.encode())


class Guard:
    """Lets requests through that come from our own page or from whoever may read the data folder."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._hosts: frozenset[str] = frozenset()
        self._cookie, self._pass = "chalkak", secret

    def listen_on(self, port: int) -> None:
        """Learn the port, which is part of every name that is ours."""
        self._hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
        self._cookie = f"chalkak-{port}"  # cookies know no ports
        digest = hashlib.blake2b(self._cookie.encode(), key=self._secret.encode()[:64], digest_size=32)
        self._pass = digest.hexdigest()  # good for the page only, should another program on loopback see it

    def check(self, request: web.Request) -> None:
        """Refuse a request that is a stranger's.

        Raises:
            Refused: 403 for a foreign name, page or key.
        """
        if request.headers.get("Host", "") not in self._hosts:
            raise Refused("foreign", 403)
        origin = request.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self._hosts:
            raise Refused("foreign", 403)
        if request.path in OPEN or request.path.startswith(FILES):
            return
        is_page = not request.path.startswith(("/api/", "/ws/"))
        if not is_page and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            raise Refused("foreign", 403)
        if request.path.startswith("/ws/") or is_page:
            return  # they tell in their own way, see `may_enter`
        if self.is_operator(request):
            return
        if not self.has_cookie(request) or (request.method not in SAFE and origin is None):
            raise Refused("locked", 403)

    def is_operator(self, request: web.Request) -> bool:
        """Return whether a request carries the folder's secret itself."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.is_key(given)

    def has_cookie(self, request: web.Request) -> bool:
        """Return whether a request carries the cookie that the secret was exchanged for."""
        return _is_same(request.cookies.get(self._cookie, ""), self._pass)

    def may_enter(self, request: web.Request) -> bool:
        """Return whether a page or a socket may be opened."""
        return self.has_cookie(request) or self.is_operator(request)

    def is_key(self, key: str) -> bool:
        """Return whether this is the secret of the folder."""
        return _is_same(key, self._secret)

    def give_cookie(self, response: web.Response) -> None:
        """Give the cookie to a browser that has shown the key."""
        response.set_cookie(
            self._cookie, self._pass, max_age=COOKIE_SECONDS, path="/", httponly=True, samesite="Lax"
        )

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check a request, serve it, and tell errors in a sentence."""
        try:
            self.check(request)
            response = await handler(request)
        except (ServiceError, Refused) as error:
            response = answer_of(error, language_of(request))
        except web.HTTPException as error:
            if error.status < 400:
                raise
            refusal = Refused("bad-request", error.status, found=f"{error.status} {error.reason}", allowed="")
            response = answer_of(refusal, language_of(request))
        except ConnectionError:
            raise  # whoever asked is gone
        except Exception as error:  # noqa: BLE001 - a bug must not silence the bot
            response = answer_of(bug(error), language_of(request))
        if not response.prepared:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response
