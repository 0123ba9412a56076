"""`chalkak run`: the service, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import webbrowser
from typing import Annotated

import typer

from bot.cli.terminal import Data, settings_of
from bot.service import Service
from bot.settings import Settings
from bot.texts import say

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run(
    data: Data = None,
    port: Annotated[
        int | None, typer.Option(help="Port of the web chat, before WEB_PORT.", min=0, max=65535)
    ] = None,
    is_opening: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = False,
) -> None:
    """Run the local web chat; Ctrl+C stops it, a second one at once."""
    settings = settings_of(data)
    if port is not None:
        settings = settings.model_copy(update={"web_port": port})
    asyncio.run(_serve(settings, is_opening=is_opening))


async def _serve(settings: Settings, *, is_opening: bool) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if ended.is_set():
            os._exit(130)  # asked twice: what is accepted is on the disk
        ended.set()

    for number in SIGNALS:
        loop.add_signal_handler(number, stop)
    async with Service(settings) as service:
        address = f"http://127.0.0.1:{service.web.port}/"
        keyed = f"{address}?key={service.store.folder.secret()}"
        typer.echo(say(settings.default_language, "run-ready", address=keyed))
        typer.echo(_platforms(settings, service))
        if is_opening:
            await asyncio.to_thread(_open_browser, keyed)
        await ended.wait()
        typer.echo(say(settings.default_language, "run-stopping"))
    typer.echo(say(settings.default_language, "run-stopped"))


def _platforms(settings: Settings, service: Service) -> str:
    """Return which chat platforms are on, or what is needed for them."""
    names = ", ".join(sorted(name.capitalize() for name in service.adapters if name != "web"))
    language = settings.default_language
    return say(language, "run-platforms", names=names) if names else say(language, "run-web-only")


def _open_browser(address: str) -> None:
    """Open a page in a browser with windows; one inside this terminal would take it over."""
    with contextlib.suppress(webbrowser.Error):
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(address)
