"""What happens to groups: topics, rights, a new id."""

from __future__ import annotations

from tests.platforms.telegram.chats import Chats
from tests.platforms.telegram.membership import PERMISSIONS
from tests.platforms.telegram.records import Chat, Person


class Groups(Chats):
    """Telegram with groups that change."""

    def topic(self, chat: Chat, name: str, *, by: Person | None = None) -> int:
        """Let somebody open a topic in a forum and return its id."""
        assert chat.is_forum, "only forums have topics"
        created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message = self.add(chat, by or self.owner, created)
        message.thread = message.id
        chat.topics[message.id] = name
        self.updates.add("message", self.rendered(message))
        return message.id

    def close_topic(self, chat: Chat, topic: int) -> None:
        """Let somebody close a topic: only administrators may write there."""
        chat.closed_topics.add(topic)
        self.serve(chat, self.owner, {"forum_topic_closed": {}}, topic)

    def delete_topic(self, chat: Chat, topic: int) -> None:
        """Let somebody delete a topic with everything in it; bots hear nothing of it."""
        del chat.topics[topic]
        for message in chat.messages.values():
            message.is_deleted |= message.thread == topic

    def end_topics(self, chat: Chat) -> None:
        """Let somebody turn topics off: their ids lead nowhere any more."""
        chat.is_forum = False
        chat.topics.clear()

    def restrict(self, chat: Chat, *rights: str) -> None:
        """Let an administrator take rights (`can_send_photos`) from all members."""
        assert set(rights) <= set(PERMISSIONS), rights
        chat.denied |= set(rights)

    def allow(self, chat: Chat, *rights: str) -> None:
        """Let an administrator give rights back."""
        chat.denied -= set(rights)

    def dissolve(self, chat: Chat) -> None:
        """Let the owner delete a group."""
        chat.is_deleted = True

    def migrate(self, chat: Chat) -> Chat:
        """Let a group become a supergroup: the same people under another id, with new messages only."""
        assert chat.kind == "group", "only small groups grow"
        grown = Chat(next(self._far_ids), "supergroup", chat.title)
        grown.bot, grown.bot_rights, grown.bot_reads_all = chat.bot, chat.bot_rights, chat.bot_reads_all
        grown.members, grown.denied = dict(chat.members), set(chat.denied)
        self.chats[grown.id] = grown
        self.serve(chat, self.owner, {"migrate_to_chat_id": grown.id})
        self.serve(grown, self.owner, {"migrate_from_chat_id": chat.id})
        chat.migrated_to = grown.id
        return grown
