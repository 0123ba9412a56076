"""The first message in a server: what we do, what is kept, and one tap that switches answers on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

import discord

from bot.adapters.discord.failures import explained
from bot.adapters.discord.link import may_speak
from bot.adapters.discord.reading import language_of, place_of
from bot.adapters.discord.writing import written
from bot.door import Door, Mode
from bot.texts import say, say_error
from models.errors import StorageError
from models.records import ChatRules, Language

log = logging.getLogger(__name__)

TAP: Final = "chalkak:mode:"
MODES: Final[dict[str, Mode]] = {f"{TAP}auto": "auto", f"{TAP}mention": "mention"}


class Welcome:
    """Introduces us, and listens to the button below that."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def greet(self, guild: discord.Guild) -> None:
        """Say hello where people look first: the channel for system messages, else the first open one."""
        channel = hall_of(guild)
        place = place_of(channel)
        if channel is None or place is None:
            log.info("no channel to say hello in guild=%d", guild.id)
            return
        rules = self._door.rules(place, language_of(guild))
        async with explained():
            await channel.send(
                welcome(rules), view=buttons(rules), nonce=f"w{guild.id}", suppress_embeds=True
            )

    async def tapped(self, interaction: discord.Interaction) -> None:
        """Switch the mode of a channel, if whoever tapped may do that."""
        mode = MODES.get(name_of(interaction))
        place = place_of(interaction.client.get_channel(interaction.channel_id or 0) or interaction.channel)
        if mode is None or place is None:
            return
        language = self._door.rules(place, language_of(interaction.guild)).language
        may = interaction.permissions
        if not (may.manage_channels or may.manage_guild):
            refusal = say(language_for(interaction, language), "welcome-not-allowed")
            await interaction.response.send_message(refusal, ephemeral=True)
            return
        await interaction.response.defer()  # Discord waits three seconds, a disk sometimes needs them
        try:
            await self._door.set_mode(place, mode)
        except StorageError as error:
            await interaction.followup.send(say_error(language, error), ephemeral=True)
            return
        log.info("mode set chat=%s mode=%s by=%d", place.chat, mode, interaction.user.id)
        rules = self._door.rules(place, language_of(interaction.guild))
        await interaction.edit_original_response(content=welcome(rules, is_new=True), view=buttons(rules))


def name_of(interaction: discord.Interaction) -> str:
    """Return the name of the button that was tapped."""
    data: Mapping[str, object] = {**(interaction.data or {})}
    return str(data.get("custom_id", ""))


def hall_of(guild: discord.Guild) -> discord.TextChannel | None:
    """Return the channel in which a stranger says hello."""
    if guild.system_channel is not None and may_speak(guild.system_channel):
        return guild.system_channel
    return next((channel for channel in guild.text_channels if may_speak(channel)), None)


def welcome(rules: ChatRules, *, is_new: bool = False) -> str:
    """Return what we say of ourselves; `is_new`: the mode was switched this moment."""
    language = rules.language
    mode = say(language, f"welcome-{'now' if is_new else 'is'}-{rules.mode}")
    lines = [
        say(language, "welcome-hello"),
        mode,
        say(language, "welcome-kept", days=rules.retention_days),
        say(language, "welcome-change"),
    ]
    return written("\n".join(lines))


def buttons(rules: ChatRules) -> discord.ui.View:
    """Return the button that switches to the other mode; it works for as long as the message stands."""
    other = "mention" if rules.mode == "auto" else "auto"
    view = discord.ui.View(timeout=None)
    is_main = other == "auto"
    view.add_item(
        discord.ui.Button(
            label=say(rules.language, f"welcome-button-{other}"),
            style=discord.ButtonStyle.primary if is_main else discord.ButtonStyle.secondary,
            custom_id=f"{TAP}{other}",
        )
    )
    view.stop()  # taps are heard by name, also after a restart, and not through this object
    return view


def language_for(interaction: discord.Interaction, language: Language) -> Language:
    """Return the language of whoever tapped where we speak it, else the chat's."""
    spoken: dict[str, Language] = {"ko": "ko", "en": "en"}
    return spoken.get(str(interaction.locale)[:2], language)
