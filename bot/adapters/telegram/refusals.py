"""What Telegram means when it refuses: it tells in words only, and not always in the same ones."""

from __future__ import annotations

from enum import Enum

from telegram.error import BadRequest, Forbidden, TelegramError

from bot.adapters.telegram.requests import Flooded
from bot.platform import Barred, Later

RETRY_SECONDS = 3.0  # after a broken connection or an error of Telegram's own


class Refusal(Enum):
    """Why a request was not granted, as far as anything can be done about it."""

    NO_REPLIED = "the message to reply to is not there"
    NO_TOPIC = "the topic is not there, or topics are off"
    NO_PICTURES = "text is allowed here, pictures are not"
    BAD_PICTURE = "the picture cannot be shown as a photo"
    NO_MESSAGE = "the message to edit or delete is not there"
    NOT_MODIFIED = "the message says that already"
    NO_FILE = "the file is not there, or not just now"
    LARGE_FILE = "the file is larger than what bots may download"
    OTHER = "anything else"


# Parts of Telegram's sentences in small letters, the first that fits counts.
WORDS: tuple[tuple[Refusal, tuple[str, ...]], ...] = (
    (Refusal.NO_REPLIED, ("message to be replied not found", "replied message not found", "reply message")),
    (Refusal.NO_TOPIC, ("message thread not found", "topic_deleted", "topic_id_invalid")),
    (
        Refusal.NO_PICTURES,
        (
            "rights to send photos",
            "rights to send documents",
            "rights to send media",
            "chat_send_photos_forbidden",
            "chat_send_docs_forbidden",
            "chat_send_media_forbidden",
        ),
    ),
    (Refusal.BAD_PICTURE, ("photo_invalid", "image_process_failed", "photo_ext_invalid", "photo_save_file")),
    (Refusal.NOT_MODIFIED, ("message is not modified",)),
    (
        Refusal.NO_MESSAGE,
        (
            "message to edit not found",
            "message to delete not found",
            "message can't be edited",
            "message_id_invalid",
        ),
    ),
    (Refusal.LARGE_FILE, ("file is too big",)),
    (Refusal.NO_FILE, ("file_id", "file is temporarily unavailable", "file reference", "wrong remote file")),
)


def refusal_of(error: TelegramError) -> Refusal:
    """Return what a refusal means."""
    text = error.message.lower() if isinstance(error, BadRequest | Forbidden) else ""
    found = (refusal for refusal, words in WORDS if any(word in text for word in words))
    return next(found, Refusal.OTHER)


def outcome_of(error: TelegramError) -> Later | Barred:
    """Return what is to become of a photo after an error that cannot be mended here."""
    if isinstance(error, Flooded):
        return Later(error.seconds)
    if isinstance(error, BadRequest | Forbidden):
        return Barred(error.message)  # Telegram's own words, nobody else's
    return Later(RETRY_SECONDS)  # an invalid token too: the connection finds out and says so
