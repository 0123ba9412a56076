"""Buttons, commands and forms, from both sides."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

import discord as library
import pytest
from discord import app_commands

from tests.platforms.discord import Message, StandInDiscord
from tests.platforms.discord.conftest import Home
from tests.platforms.discord.listener import Listener

Press = library.Interaction[Any]
Does = Callable[[Press], Awaitable[Any]]


@pytest.fixture
def on_press(bot: Listener) -> Callable[[Does], None]:
    """Let a function respond to whatever is pressed, and keep what it failed with."""

    def keep(does: Does) -> None:
        async def respond(interaction: Press) -> None:
            await does(interaction)

        bot.on_interaction = respond  # type: ignore[attr-defined]  # how the library finds it

    return keep


@pytest.fixture
async def buttons(discord: StandInDiscord, bot: Listener, home: Home) -> Message:
    """A message of the bot with buttons and a menu."""
    channel = bot.get_channel(home.channel.id)
    assert isinstance(channel, library.TextChannel)
    view = library.ui.View(timeout=None)
    view.add_item(library.ui.Button(label="다음", custom_id="next"))
    view.add_item(library.ui.Button(label="지우기", custom_id="delete", disabled=True))
    choices = [library.SelectOption(label="하나"), library.SelectOption(label="둘")]
    view.add_item(library.ui.Select(custom_id="choose", options=choices))
    await channel.send("고르세요", view=view)
    return discord.answers(home.channel)[0]


async def test_a_button_is_answered_for_one_person_alone(
    discord: StandInDiscord, home: Home, buttons: Message, on_press: Callable[[Does], None]
) -> None:
    on_press(lambda press: press.response.send_message("당신만", ephemeral=True))
    pressed = await discord.tap(buttons, "next", home.mother)
    assert (pressed.failed, pressed.is_ephemeral, pressed.text) == (False, True, "당신만")
    assert discord.answers(home.channel) == [buttons]


async def test_a_button_changes_its_own_message(
    discord: StandInDiscord, home: Home, buttons: Message, on_press: Callable[[Does], None]
) -> None:
    on_press(lambda press: press.response.edit_message(content="다음 장", view=None))
    pressed = await discord.tap(buttons, "next", home.mother)
    assert pressed.original is buttons
    assert (buttons.content, buttons.components, buttons.edited) == ("다음 장", [], True)
    with pytest.raises(LookupError):
        await discord.tap(buttons, "next", home.mother)


async def test_a_menu_says_what_was_chosen(
    discord: StandInDiscord, home: Home, buttons: Message, on_press: Callable[[Does], None]
) -> None:
    async def respond(press: Press) -> None:
        assert press.data is not None
        await press.response.send_message(str(press.data["values"]))  # type: ignore[typeddict-item]

    on_press(respond)
    assert (await discord.tap(buttons, "choose", home.mother, values=["둘"])).text == "['둘']"


async def test_a_grey_button_cannot_be_pressed(discord: StandInDiscord, home: Home, buttons: Message) -> None:
    with pytest.raises(AssertionError, match="grey"):
        await discord.tap(buttons, "delete", home.mother)


async def test_whoever_promises_an_answer_keeps_it_later(
    discord: StandInDiscord,
    home: Home,
    buttons: Message,
    photo: bytes,
    on_press: Callable[[Does], None],
) -> None:
    async def respond(press: Press) -> None:
        await press.response.defer(ephemeral=True, thinking=True)
        await press.edit_original_response(
            content="다 됐어요", attachments=[library.File(io.BytesIO(photo), "a.jpg", description="바다")]
        )
        await press.followup.send("그리고", ephemeral=True)
        await press.followup.send("모두에게")

    on_press(respond)
    pressed = await (await discord.tap(buttons, "next", home.mother)).followed_up(2)
    assert [one.content for one in pressed.seen] == ["다 됐어요", "그리고", "모두에게"]
    assert [one.is_ephemeral for one in pressed.seen] == [True, True, False]
    assert pressed.seen[0].attachments[0].description == "바다"
    assert [one.content for one in discord.answers(home.channel)] == ["고르세요", "모두에게"]


async def test_the_first_thing_said_after_a_promise_takes_its_place(
    discord: StandInDiscord, home: Home, buttons: Message, on_press: Callable[[Does], None]
) -> None:
    async def respond(press: Press) -> None:
        await press.response.defer(ephemeral=True, thinking=True)
        await press.followup.send("이거요")

    on_press(respond)
    pressed = await (await discord.tap(buttons, "next", home.mother)).settled()
    assert (pressed.text, pressed.is_ephemeral, pressed.follow_ups) == ("이거요", True, [])


async def test_an_interaction_is_answered_once(
    discord: StandInDiscord, bot: Listener, home: Home, buttons: Message
) -> None:
    codes = asyncio.Queue[int]()
    route = "/interactions/{number}/{token}/callback"

    async def respond(press: Press) -> None:
        for _ in range(2):
            place = library.http.Route("POST", route, number=press.id, token=press.token)
            try:
                await bot.http.request(place, json={"type": 6})
            except library.HTTPException as refused:
                codes.put_nowait(refused.code)

    bot.on_interaction = respond  # type: ignore[attr-defined]
    await discord.tap(buttons, "next", home.mother)
    assert await asyncio.wait_for(codes.get(), 5) == 40060


async def test_who_comes_too_late_finds_nothing(
    discord: StandInDiscord, home: Home, buttons: Message, on_press: Callable[[Does], None]
) -> None:
    discord.world.rules.callback_seconds = 0.1
    codes = asyncio.Queue[int]()

    async def respond(press: Press) -> None:
        await asyncio.sleep(0.3)
        try:
            await press.response.defer()
        except library.NotFound as refused:
            codes.put_nowait(refused.code)

    on_press(respond)
    assert (await discord.tap(buttons, "next", home.mother)).failed
    assert await asyncio.wait_for(codes.get(), 5) == 10062


async def test_a_token_does_not_last(
    discord: StandInDiscord, home: Home, buttons: Message, on_press: Callable[[Does], None]
) -> None:
    codes = asyncio.Queue[int]()

    async def respond(press: Press) -> None:
        await press.response.defer(ephemeral=True, thinking=True)
        discord.world.rules.token_seconds = 0.0
        try:
            await press.edit_original_response(content="늦었네요")
        except library.HTTPException as refused:
            codes.put_nowait(refused.code)

    on_press(respond)
    pressed = await discord.tap(buttons, "next", home.mother)
    assert await asyncio.wait_for(codes.get(), 5) == 50027
    assert pressed.is_thinking


async def declared(bot: Listener) -> None:
    """Declare commands with an option, a completion, a form and menus."""

    @bot.tree.command(name="find", description="사진을 찾아요")
    @app_commands.describe(text="무엇을")
    async def find(interaction: Press, text: str, who: library.Member | None = None) -> None:
        await interaction.response.send_message(f"{text} {who and who.name}", ephemeral=True)

    @find.autocomplete("text")
    async def complete(interaction: Press, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}!", value=current)]

    @bot.tree.command(name="book", description="책을 만들어요")
    async def book(interaction: Press, photo: library.Attachment) -> None:
        kept = await photo.read()
        await interaction.response.send_message(f"{photo.filename} {len(kept)}")

    @bot.tree.command(name="config", description="설정")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def config(interaction: Press) -> None:
        await interaction.response.send_modal(Form())

    @bot.tree.context_menu(name="지우기")
    async def erase(interaction: Press, message: library.Message) -> None:
        await interaction.response.send_message(f"{message.content} {len(message.attachments)}")

    await bot.tree.sync()


class Form(library.ui.Modal, title="설정"):
    name: library.ui.TextInput[Any] = library.ui.TextInput(label="이름", custom_id="name")

    async def on_submit(self, interaction: Press) -> None:
        await interaction.response.send_message(f"이제 {self.name.value}")


async def test_a_command_is_found_filled_in_and_answered(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    await declared(bot)
    found = await discord.slash(home.channel, home.mother, "find", text="고양이", who=home.mother)
    assert (found.text, found.is_ephemeral) == ("고양이 엄마", True)
    alone = await discord.slash(discord.dm(home.mother), home.mother, "find", text="바다")
    assert alone.text == "바다 None"
    made = await discord.slash(home.channel, home.mother, "book", photo=("cat.jpg", photo))
    assert made.text == f"cat.jpg {len(photo)}"
    assert [one.content for one in discord.answers(home.channel)] == [made.text]


async def test_what_a_person_could_not_type_is_not_sent(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    await declared(bot)
    with pytest.raises(AssertionError, match="required"):
        await discord.slash(home.channel, home.mother, "find")
    with pytest.raises(LookupError):
        await discord.slash(home.channel, home.mother, "config")
    with pytest.raises(LookupError):
        await discord.slash(discord.dm(discord.owner), discord.owner, "config")


async def test_an_option_is_completed(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    await declared(bot)
    offered = await discord.complete(home.channel, home.mother, "find", focused="text", text="고")
    assert [(one["name"], one["value"]) for one in offered] == [("고!", "고")]


async def test_the_menu_of_a_message_hands_it_over(
    discord: StandInDiscord, bot: Listener, home: Home, photo: bytes
) -> None:
    await declared(bot)
    posted = await discord.post(home.channel, home.mother, "바다", files=[("cat.jpg", photo)])
    assert (await discord.menu("지우기", home.mother, posted)).text == "바다 1"


async def test_a_form_is_opened_filled_in_and_sent(
    discord: StandInDiscord, bot: Listener, home: Home
) -> None:
    await declared(bot)
    opened = await discord.slash(home.channel, discord.owner, "config")
    assert opened.modal is not None
    sent = await discord.submit_modal(opened, {"name": "찰칵이"})
    assert sent.text == "이제 찰칵이"


async def test_commands_that_stay_keep_their_ids(discord: StandInDiscord, bot: Listener, home: Home) -> None:
    await declared(bot)
    before = {one.name: one.id for one in await bot.tree.fetch_commands()}
    bot.tree.remove_command("book")
    await bot.tree.sync()
    after = {one.name: one.id for one in await bot.tree.fetch_commands()}
    assert after == {name: number for name, number in before.items() if name != "book"}


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"name": "Find", "description": "d"}, "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "find"}, "BASE_TYPE_REQUIRED"),
        ({"name": "find", "description": "d" * 101}, "BASE_TYPE_MAX_LENGTH"),
        ({"name": "지우기", "type": 3, "description": "d"}, "NOT_ALLOWED"),
    ],
)
async def test_a_command_that_breaks_a_rule_is_refused(
    discord: StandInDiscord, bot: Listener, command: dict[str, Any], code: str
) -> None:
    with pytest.raises(library.HTTPException) as refused:
        await bot.http.bulk_upsert_global_commands(discord.bot.id, [command])
    assert refused.value.code == 50035
    assert discord.world.commands == {}
    discord.violations.clear()
