"""Who there is, which chats there are, and who comes and goes."""

from __future__ import annotations

import itertools

from tests.platforms.telegram.membership import FOR_BOTS, changed, member
from tests.platforms.telegram.records import INSIDE, Chat, Json, Message, Person, Status
from tests.platforms.telegram.state import Telegram


class Chats(Telegram):
    """Telegram with chats in it."""

    def __init__(self, token: str, *, privacy: bool = True) -> None:
        super().__init__(token, privacy=privacy)
        self._person_ids = itertools.count(500_000_001)
        self._group_ids = itertools.count(-4_100_000_001, -1)
        self._far_ids = itertools.count(-1_002_000_000_001, -1)
        self.owner = self.person("주인")  # of every group, where nobody else is named
        self.group_anonymous_bot = Person(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
        self.service_account = Person(777000, "Telegram")
        for one in (self.group_anonymous_bot, self.service_account):
            self.people[one.id] = one

    def person(self, name: str, *, language: str = "", username: str = "", is_bot: bool = False) -> Person:
        """Let there be somebody."""
        found = Person(next(self._person_ids), name, username, language, is_bot)
        self.people[found.id] = found
        return found

    def private(self, person: Person) -> Chat:
        """Return the chat of a person with the bot; they have pressed Start."""
        if person.id not in self.chats:
            chat = Chat(person.id, "private", person.name, person, bot_reads_all=True)
            chat.members[person.id] = "member"
            self.chats[chat.id] = chat
        return self.chats[person.id]

    def group(
        self,
        title: str,
        *members: Person,
        privacy: bool | None = None,
        bot_is_admin: bool = False,
        forum: bool = False,
        supergroup: bool = False,
    ) -> Chat:
        """Let there be a group with the bot in it; a forum is a supergroup.

        Args:
            title: of the group.
            members: who is in it; whoever posts is so anyway.
            privacy: whether privacy mode was on when the bot came in; as the bot has it now if None.
            bot_is_admin: then the bot hears everything and may delete.
            forum: it has topics.
            supergroup: it has an id of the large kind and counts its messages itself.
        """
        is_far = supergroup or forum
        number = next(self._far_ids if is_far else self._group_ids)
        chat = Chat(number, "supergroup" if is_far else "group", title, is_forum=forum)
        chat.bot_reads_all = not (self.privacy if privacy is None else privacy)
        chat.members[self.owner.id] = "creator"
        for person in members:
            chat.members[person.id] = "member"
        self.chats[chat.id] = chat
        if bot_is_admin:
            chat.bot, chat.bot_rights = "administrator", set(FOR_BOTS)
        return chat

    def channel(self, title: str, *, username: str = "") -> Chat:
        """Let there be a channel with the bot as an administrator."""
        chat = Chat(next(self._far_ids), "channel", title, username=username, bot_reads_all=True)
        chat.bot, chat.bot_rights = "administrator", set(FOR_BOTS)
        self.chats[chat.id] = chat
        return chat

    # The bot comes and goes

    def add_bot(self, chat: Chat, *, by: Person | None = None, is_admin: bool = False) -> None:
        """Let somebody invite the bot; privacy mode holds as it is now."""
        chat.bot_reads_all = not self.privacy
        self._set_bot(chat, "administrator" if is_admin else "member", by)

    def kick_bot(self, chat: Chat, *, by: Person | None = None) -> None:
        """Let somebody throw the bot out."""
        self._set_bot(chat, "kicked", by)

    def promote_bot(self, chat: Chat, *, by: Person | None = None, without: set[str] | None = None) -> None:
        """Let somebody make the bot an administrator, with all rights but some."""
        self._set_bot(chat, "administrator", by, FOR_BOTS - (without or set()))

    def demote_bot(self, chat: Chat, *, by: Person | None = None) -> None:
        """Let somebody make the bot a member like any other."""
        self._set_bot(chat, "member", by)

    def block(self, person: Person) -> None:
        """Let somebody block the bot."""
        person.has_blocked_bot = True
        self._bot_changed(self.private(person), person, "member", "kicked")

    def unblock(self, person: Person) -> None:
        """Let somebody start the bot again."""
        person.has_blocked_bot = False
        self._bot_changed(self.private(person), person, "kicked", "member")

    def _set_bot(self, chat: Chat, new: Status, by: Person | None, rights: frozenset[str] = FOR_BOTS) -> None:
        old, by = chat.bot, by or self.owner
        before = member(chat, self.bot, old)
        chat.bot, chat.bot_rights = new, set(rights) if new == "administrator" else set()
        self.updates.add("my_chat_member", changed(chat, by, before, member(chat, self.bot, new)))
        if chat.is_group:
            self._announce(chat, self.bot, old, new, by)

    def _bot_changed(self, chat: Chat, by: Person, old: Status, new: Status) -> None:
        before, after = member(chat, self.bot, old), member(chat, self.bot, new)
        self.updates.add("my_chat_member", changed(chat, by, before, after))

    # People come and go

    def admin(self, chat: Chat, person: Person) -> None:
        """Let somebody be an administrator."""
        self._set_person(chat, person, "administrator")

    def join(self, chat: Chat, person: Person) -> None:
        """Let somebody come in."""
        self._set_person(chat, person, "member")

    def leave(self, chat: Chat, person: Person) -> None:
        """Let somebody go."""
        self._set_person(chat, person, "left")

    def _set_person(self, chat: Chat, person: Person, new: Status) -> None:
        old = self.status(chat, person)
        before = member(chat, person, old)
        chat.members[person.id] = new
        if chat.bot == "administrator":
            change = changed(chat, self.owner, before, member(chat, person, new))
            self.updates.add("chat_member", change)
        self._announce(chat, person, old, new, person)

    def _announce(self, chat: Chat, person: Person, old: Status, new: Status, by: Person) -> None:
        if old not in INSIDE and new in INSIDE:
            content: Json = {"new_chat_members": [person.user()]}
        elif old in INSIDE and new not in INSIDE:
            content = {"left_chat_member": person.user()}
        else:
            return
        self.serve(chat, by, content)

    def serve(self, chat: Chat, by: Person, content: Json, thread: int | None = None) -> Message:
        """Let a service message appear; every bot in the chat, and one that was just sent away, hears it."""
        message = self.add(chat, by, content, thread=thread)
        self.updates.add("message", self.rendered(message))
        return message
