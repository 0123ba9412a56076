"""Guilds, channels and people as Discord writes them."""

from __future__ import annotations

from tests.platforms.discord.permissions import in_channel
from tests.platforms.discord.snowflakes import moment, stamp
from tests.platforms.discord.things import KINDS, Channel, Guild, Json, Member, Person, Role


def user(person: Person) -> Json:
    """Return an account as others see it."""
    return {
        "id": str(person.id),
        "username": person.name,
        "global_name": None if person.is_bot else person.name,
        "discriminator": "0001" if person.is_bot else "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
        **({"bot": True} if person.is_bot else {}),
    }


def own_user(person: Person) -> Json:
    """Return an account as it sees itself."""
    private = {"verified": True, "mfa_enabled": True, "locale": "en-US", "email": None, "bio": ""}
    return {**user(person), "banner": None, "accent_color": None, **private}


def member(one: Member, *, with_user: bool = True) -> Json:
    """Return somebody's membership of a guild; in messages it comes without the account."""
    return {
        **({"user": user(one.person)} if with_user else {}),
        "nick": one.nick,
        "avatar": None,
        "banner": None,
        "roles": [str(role) for role in sorted(one.roles)],
        "joined_at": stamp(one.joined),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }


def role(one: Role) -> Json:
    """Return a role."""
    return {
        "id": str(one.id),
        "name": one.name,
        "description": None,
        "permissions": str(int(one.permissions)),
        "position": one.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "managed": one.is_managed,
        "mentionable": False,
        "flags": 0,
    }


def guild(one: Guild) -> Json:
    """Return a guild without what changes often: its channels, threads and members."""
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "home_header": None,
        "owner_id": str(one.owner),
        "application_id": None,
        "region": "south-korea",
        "features": [],
        "roles": [role(each) for each in one.roles.values()],
        "emojis": [],
        "stickers": [],
        "preferred_locale": one.locale,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        **_numbers(),
    }


def _numbers() -> Json:
    """Return what every guild here has alike."""
    return {
        "afk_channel_id": None,
        "afk_timeout": 300,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw": False,
        "nsfw_level": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "hub_type": None,
        "latest_onboarding_question_id": None,
        "incidents_data": None,
        "inventory_settings": None,
    }


def created_guild(one: Guild, channels: list[Channel], bot: Person, *, with_members: bool) -> Json:
    """Return a guild as the gateway tells of it; of its members without their intent only the bot."""
    members = one.members.values() if with_members else [one.members[bot.id]]
    return {
        **guild(one),
        "joined_at": stamp(one.members[bot.id].joined),
        "large": False,
        "member_count": len(one.members),
        "members": [member(each) for each in members],
        "channels": [channel(each, bot) for each in channels if not each.is_thread],
        "threads": [
            channel(each, bot)
            for each in channels
            if each.is_thread and not each.is_archived and in_channel(each, bot)
        ],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "embedded_activities": [],
        "lazy": True,
        "version": one.id,
    }


def channel(one: Channel, viewer: Person) -> Json:
    """Return a channel of any kind."""
    last = None if one.last_message is None else str(one.last_message)
    common = {
        "id": str(one.id),
        "type": KINDS[one.kind],
        "last_message_id": last,
        "flags": 0,
    }
    if one.recipient is not None:
        return {**common, "recipients": [user(one.recipient)]}
    assert one.guild is not None
    named = {**common, "guild_id": str(one.guild.id), "name": one.name, "rate_limit_per_user": 0}
    if one.is_thread:
        return {**named, **_thread(one, viewer)}
    written = [
        {"id": str(who), "type": int(who not in one.guild.roles), "allow": str(allow), "deny": str(deny)}
        for who, (allow, deny) in one.overwrites.items()
    ]
    more = {"position": 0, "topic": None, "nsfw": one.is_nsfw, "parent_id": None, "last_pin_timestamp": None}
    return {**named, **more, "permission_overwrites": written}


def _thread(one: Channel, viewer: Person) -> Json:
    assert one.parent is not None
    told: Json = {
        "parent_id": str(one.parent.id),
        "owner_id": str(one.owner),
        "message_count": 0,
        "member_count": len(one.thread_members),
        "total_message_sent": 0,
        "thread_metadata": {
            "archived": one.is_archived,
            "archive_timestamp": stamp(moment(one.id)),
            "auto_archive_duration": 1440,
            "locked": one.is_locked,
            "create_timestamp": stamp(moment(one.id)),
            **({"invitable": True} if one.is_private else {}),
        },
    }
    if viewer.id in one.thread_members:
        told["member"] = thread_member(one, viewer)
    return told


def thread_member(thread: Channel, person: Person) -> Json:
    """Return somebody's membership of a thread."""
    return {
        "id": str(thread.id),
        "user_id": str(person.id),
        "join_timestamp": stamp(thread.thread_members[person.id]),
        "flags": 0,
        "muted": False,
        "mute_config": None,
    }
