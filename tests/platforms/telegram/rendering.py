"""Messages as the Bot API shows them."""

from __future__ import annotations

from tests.platforms.telegram.records import Json, Message


def rendered(message: Message, *, is_replied_to: bool = False) -> Json:
    """Return a Message; the one that it replies to is shown without what that replies to."""
    found: Json = {"message_id": message.id, "date": message.date, "chat": message.chat.brief()}
    if message.sender:
        found["from"] = message.sender.user()
    found |= message.origin | _place(message)
    if message.edited:
        found["edit_date"] = message.edited
    if message.media_group:
        found["media_group_id"] = message.media_group
    replied = _replied(message)
    if replied and not is_replied_to:
        found["reply_to_message"] = rendered(replied, is_replied_to=True)
    if message.markup:
        found["reply_markup"] = message.markup
    return found | message.content


def inaccessible(message: Message) -> Json:
    """Return an InaccessibleMessage: one that is gone, or too old to be shown."""
    return {"message_id": message.id, "date": 0, "chat": message.chat.brief()}


def _place(message: Message) -> Json:
    """In a forum the topic; in other supergroups what a reply is in the thread of."""
    if message.topic:
        return {"message_thread_id": message.topic, "is_topic_message": True}
    is_thread = message.chat.kind == "supergroup" and not message.chat.is_forum and message.thread
    return {"message_thread_id": message.thread} if is_thread else {}


def _replied(message: Message) -> Message | None:
    """What is posted into a topic and replies to nothing shows as a reply to the topic's beginning."""
    if message.reply_to and not message.reply_to.is_deleted:
        return message.reply_to
    return message.chat.messages.get(message.topic) if message.topic and message.topic != message.id else None
