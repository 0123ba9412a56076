"""Who may do what in a chat, in the words of the Bot API."""

from __future__ import annotations

import time

from tests.platforms.telegram.records import Chat, Json, Person, Status

PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
FOR_BOTS = frozenset({*RIGHTS, "can_pin_messages", "can_post_messages", "can_manage_topics"})
IN_CHATS = {
    "channel": ("can_post_messages", "can_edit_messages"),
    "supergroup": ("can_pin_messages", "can_manage_topics"),
    "group": ("can_pin_messages",),
}


def member(chat: Chat, person: Person, status: Status) -> Json:
    """Return a ChatMember."""
    found: Json = {"status": status, "user": person.user()}
    if status == "creator":
        return found | {"is_anonymous": False}
    if status == "administrator":
        names = (*RIGHTS, *IN_CHATS.get(chat.kind, ()))
        rights = {name: not person.is_bot or name in chat.bot_rights for name in names}
        return found | {"can_be_edited": False, "is_anonymous": False} | rights
    if status == "restricted":
        allowed = {name: name not in chat.denied for name in PERMISSIONS}
        return found | {"is_member": True, "until_date": 0} | allowed
    return found | ({"until_date": 0} if status == "kicked" else {})


def changed(chat: Chat, by: Person, old: Json, new: Json) -> Json:
    """Return a ChatMemberUpdated."""
    change = {"old_chat_member": old, "new_chat_member": new, "date": int(time.time())}
    return {"chat": chat.brief(), "from": by.user()} | change
