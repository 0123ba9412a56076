"""A Discord to test a bot against: a gateway, an API and file servers on one port of this machine.

    async with StandInDiscord(token="...") as discord:
        guild = discord.guild("우리집")
        channel = discord.channel(guild, "사진")
        mother = discord.person("엄마")
        discord.join(guild, mother)
        await discord.online()
        photo = await discord.post(channel, mother, files=[("cat.jpg", data)])

It refuses what Discord refuses, with Discord's own words, and judges every request by Discord's
description of its API where that is on the machine: `discord.violations` has to stay empty.
"""

from tests.platforms.discord.interactions import Interaction
from tests.platforms.discord.server import StandInDiscord
from tests.platforms.discord.things import Attachment, Channel, Guild, Member, Message, Person, Role

__all__ = [
    "Attachment",
    "Channel",
    "Guild",
    "Interaction",
    "Member",
    "Message",
    "Person",
    "Role",
    "StandInDiscord",
]
