# Everything that is said to people: what happened, what is possible, what to do.

## When a photo could not be read

error-bad-photo = I could not open this photo. Please save it as JPEG or PNG and send it again.
error-not-a-picture = This does not look like a photo. Please send JPEG, PNG, WEBP, GIF, AVIF, HEIC or BMP.
error-undecodable = The file is too damaged to get a picture out of it. Could you send the original again?
error-too-many-bytes = This file is { $found } MB. I can look at up to { $megabytes } MB, please make it smaller.
error-too-many-pixels = The photo is too large. I can look at up to { $megapixels } megapixels and { $side } pixels a side, please make it smaller.
error-too-thin = The photo is too thin to see. It needs at least { $pixels } pixels each way.
error-decode-timeout = Opening the photo took longer than { $seconds } seconds, so I stopped. Please save it as JPEG or PNG and send it again.
error-decode-memory = Opening the photo took too much memory, so I stopped. Please make it smaller and send it again.
error-decode-crash = Something broke while opening the photo. Please save it as JPEG or PNG and send it again.

## When work piles up or stops

error-busy = There is a pile of photos waiting. { $place } are before yours, please send it again in a moment.
error-late = This took too long and I have no answer for now. Please send it again in a moment.
error-stopped = I am shutting down. Please send it again when I am back.
error-model-failed = The part of me that looks at photos has a problem. Please send it again in a moment.
error-internal = Something is wrong with me and I have no answer (ticket { $ticket }). Please send it again in a moment.
error-weights-missing = The model file ({ $name }) is not here yet. Please run: chalkak models fetch
error-weights-corrupt = The model file ({ $name }) is not the registered one. Please run: chalkak models fetch { $name }
error-no-room = I could not write { $path } ({ $reason }). Check space and permissions, or choose another folder.
error-no-file = There is no such file. Please check the path.
error-no-photos = There is no photo in this folder that I could read.
error-no-reading = I could not read the file ({ $reason }). Please check its permissions.

## When nothing can be remembered

error-quarantined = I stumble every time I look at this photo, so I have put it aside. Save it as JPEG and send it again, and I will give it another look.
error-storage = I cannot keep photos right now. Please send it again in a moment.
error-disk-full = The disk is almost full, so I take no new photos ({ $folder }). Free some space and I go on at once. Deleting works even now.
error-database-damaged = The file of photos ({ $path }) is damaged. Stop Chalkak and run `chalkak restore` in a terminal to go back to the newest backup. The damaged file is kept with the backups.
error-newer-schema = This data was written by a newer Chalkak ({ $found }, this one knows { $known }). Please update Chalkak. The data is untouched.
error-folder-unusable = I cannot use the data folder { $folder } ({ $reason }). Mend its permissions, or choose another one with CHALKAK_DATA.
error-folder-foreign = This folder ({ $folder }) holds files that are not mine. Choose an empty folder or a new name with --data or CHALKAK_DATA.
error-folder-taken = Another Chalkak (process { $pid }) uses this folder ({ $folder }). Stop that one first, or choose another folder with CHALKAK_DATA.
error-no-backup = There is no backup file: { $path }. `chalkak restore --list` shows those that exist, `chalkak backup` makes one.
error-bad-backup = This backup ({ $path }) is not whole ({ $reason }). Choose another one with `chalkak restore --list`.

error-port-taken = Another program uses port { $port }. Stop it, or choose another number with WEB_PORT.

## When a request to the web chat is wrong

error-bad-request = This request is wrong ({ $found }). { $allowed }
error-bad-upload = There is no photo in it. Please send one photo in the field `photo`.
error-long-text = The text has { $found } characters. Up to { $most } are possible, please shorten it a little.
error-bad-name = A name has 1 to { $most } characters.
error-bad-chat = The name of a chat has letters, digits, - and _, up to { $most } of them.
error-empty-query = What shall I look for? For example: bicycle
error-no-photo = That photo is not here. It may have been deleted.
error-not-yours = Somebody else posted this photo, so I cannot delete it.
error-locked = You have no key to this page. Please open the address that `chalkak run` printed.
error-foreign = This request came from elsewhere, so I did not take it.

## Finding and deleting

find-none = I found no photo for “{ $query }”. Shall we try another word?
find-maybe = Is it one of these, perhaps?
receipt = Deleted { $photos ->
    [one] one photo
   *[other] { $photos } photos
} and { $answers ->
    [one] one answer
   *[other] { $answers } answers
}. They cannot be found any more and will be off the disk within a minute.
receipt-nothing = There was nothing to delete.
notice-disk = The disk is almost full, so I take no new photos for now. Deleting and finding work.
notice-disk-over = There is room again, send me photos.

## What is added to an answer

note-partial = Part of the photo is damaged; I looked at what is left of it.
note-objects = The part that recognises things is taking a rest.
note-faces = The part that finds faces is taking a rest.
note-expression = The part that reads expressions is taking a rest.
note-unsafe = The part that checks for safety is taking a rest.
note-measure = The part that measures colour and light is taking a rest.
note-annotated = The marked copy could not be written. Check space and permissions, or choose another folder.
note-comment = I could not find the words this time.
notice-unsafe = This may be a sensitive photo, so I left no comment.

## Terminal

try-things = found
try-nothing = nothing I recognise
try-faces = { $count ->
    [one] { $count } face
   *[other] { $count } faces
}
try-alt = alt text
try-marked = marked copy
run-ready = Chalkak is on. Open it in a browser: { $address }
run-web-only = There is no token for Discord or Telegram, so only this machine's web chat is on. Tokens go into DISCORD_TOKEN and TELEGRAM_TOKEN in .env.
run-platforms = Also on: { $names }. `chalkak doctor` tells whether they are connected well.
run-stopping = Finishing what I am doing…
run-stopped = Off. Every photo that I took in is still here.
post-author = Me
post-gone = Chalkak stopped in between. Photos that it took in get their answer when it is back.
find-alike = similar words
backup-made = Backup: { $path } ({ $megabytes } MB)
restore-none = There is no backup yet: { $path }
restore-verified = The backup is whole: { $path } (photos: { $photos })
restore-done = Restored: { $path } (photos: { $photos }, without what was deleted since)
restore-replaced = The file that was in use is kept here: { $path }
export-done = Wrote { $photos ->
    [one] one photo
   *[other] { $photos } photos
} to { $path }.
state-received = arriving
state-ready = waiting
state-analysed = being answered
state-answered = answered
state-refused = unreadable
state-quarantined = put aside
stats-photos = photos: { $states }
stats-room = pictures { $used } MB · free { $free } MB

## Web chat

web-title = Chalkak
web-tagline = answers your photos
web-me = Me
web-bot = Chalkak
web-conversation = Photos and answers
web-welcome = Hello, I am Chalkak!
web-welcome-lead = Post a photo and I will say something about it, and show you what I saw.
web-welcome-drop = Drop your photos here or paste them. Several at once are fine.
web-welcome-find = Looking for an older one? Type “/find bicycle”.
web-welcome-private = Photos never leave the computer that runs Chalkak.
web-pick = Choose photos
web-drop = Drop here, I will look right away
web-composer = A line to go with the photo
web-placeholder = A line, then a photo
web-send = Send
web-need-photo = This chat is about photos, so I need one. Your line is still there; choose a photo and I will send them together.
web-help = Post a photo and I will answer. “/find bicycle” finds older photos, “/help” shows this again.
web-unknown-command = I do not know that command yet. I do know “/find bicycle” and “/help”.

web-queued = Waiting to be sent
web-sending = Sending
web-progress = Sending the photo
web-pausing = It cannot be sent right now, so I am waiting. I will try again shortly.
web-waiting = Waiting · { $count } before it
web-waiting-next = Next in line
web-looking = Taking a look
web-refused = That did not go through. Shall we try once more?
web-unreadable = I could not open this file. It may be a folder, or it changed after you chose it.
web-too-large = The file is larger than { $megabytes } MB. Please make it smaller and try again.
web-retry = Send again
web-dismiss = Put away
web-no-preview = There is no preview of this photo
web-hidden = This photo is kept out of sight
web-photo-by = A photo by { $author }
web-enlarge = View larger
web-new-answers = New answers: { $count }
web-to-newest = To the newest

web-compare = Compare with the original
web-shows-marked = Marked
web-shows-original = Original
web-seen = What I saw
web-face = Face
web-why = Why?
web-why-partial = Why? (a part is resting)
web-seconds = { $seconds } s
web-total = Time taken
web-models = Models
web-stage-decode = Open the photo
web-stage-measure = Colour and light
web-stage-objects = Find things
web-stage-faces = Find faces
web-stage-expression = Read expressions
web-stage-unsafe = Check for safety
web-stage-write = Find the words
web-stage-draw = Mark it

web-search = Find photos
web-search-label = What to find
web-search-placeholder = bicycle, dog, a walk…
web-search-go = Find
web-searching = Looking through the photos
web-found = Photos found: { $count }
web-found-none = I found no photo like that. Shall we try another word?
web-search-empty = Tell me what to look for.
web-close = Close

web-delete = Delete this photo
web-delete-question = Delete this photo and its answer? This cannot be undone.
web-delete-all = Delete all my photos
web-delete-all-question = Delete every photo that { $author } posted here, with the answers? This cannot be undone.
web-delete-yes = Delete
web-delete-no = Keep

web-settings = Settings
web-name = Name
web-language = Language
web-theme = Appearance
web-theme-auto = Auto
web-theme-light = Light
web-theme-dark = Dark

web-away = Reconnecting
web-failed = There is no connection right now. Please try again in a moment.
web-locked = This address does not open the chat. Please open the one from the terminal again.
web-older = Fetching older photos

## In chats

album-answer =
    { $comment }

    📷 I looked at { $missing ->
        [0] all { $count }
       *[other] { $count }
    } of them.
album-things =
    { $comment }

    📷 I looked at { $missing ->
        [0] all { $count }
       *[other] { $count }
    } of them: { $things }
album-thing = { $name } in { $count }
refused-in-album = { $count } would not open.
unsafe-in-album = I left out { $count } that may be sensitive.
note-first-frame = Of what moves I only looked at the first frame.
alt-unknown = A photo
notice-person-quota = One moment: I can look at { $most } photos a minute from each person. Please post the others a little later.
notice-chat-quota = Many photos came in here at once. I can look at { $most } a minute, so please post the others a little later.
notice-waiting = { $place } photos are waiting before yours. Please post it again in about { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}.
platform-connecting = connecting
platform-online = connected
platform-offline = the connection broke, trying again
platform-bad-token = the token is not right; put a fresh one into .env
platform-conflict = another program uses the same token; please stop it
platform-no-intents = the message content intent is off, so photos are answered when I am called; switch it on under Bot in the developer portal

## Telegram

telegram-mode-auto = Right now I answer every photo that is posted here.
telegram-mode-mention = Right now I answer when I am called: write @{ $us } under a photo, or reply to one with @{ $us }.
telegram-mode-off = Right now I am resting in this chat.
telegram-kept = Photos that I have answered stay for { $days } days on the computer that runs me, nowhere else, and are deleted after that.
telegram-leave = If you no longer need me, just remove me.
telegram-leave-private = If you no longer need me, delete this chat and block me.
telegram-privacy = One thing: privacy mode is on, so I do not see photos unless I am called. To let me answer by myself, make me an administrator of this group. Or ask whoever made me to set /setprivacy to Disable at @BotFather, then remove me and add me again.
telegram-now-auto = From now on I answer every photo here!
telegram-now-mention = From now on I answer when I am called.
telegram-administrators-only = Only administrators of this group can tap this button. Please ask one of them.
telegram-try-again = Telegram does not answer me right now. Please tap once more.
telegram-placeholder = Looking… this will take about { $seconds } seconds.
telegram-taken-back = This photo was deleted.

## Discord

welcome-hello = Hello, I am Chalkak! 📷 Post a photo and I will say something about it, and show you what I saw. Of faces I only tell what is visible, like a smile, and never who it is.
welcome-is-auto = In this channel I answer every photo.
welcome-is-mention = For now I answer when I am called: mention me when you post a photo, or in a reply to one.
welcome-is-off = For now I am resting in this channel.
welcome-now-auto = From now on I answer every photo in this channel!
welcome-now-mention = From now on I answer when I am called: mention me when you post a photo, or in a reply to one.
welcome-kept = Photos that I answered are kept for { $days } days, only on the computer that runs me, and then erased. Delete your message, and the photo and my answer go at once.
welcome-change = The button below is for those who manage this channel. If you do not need me any more, just remove me from the server.
welcome-button-auto = Answer every photo here
welcome-button-mention = Only when called
welcome-not-allowed = This button is for those who manage the channel. Please ask one of them.
notice-caught-up = { $count ->
    [one] A photo came in while I was away; you can find it now.
   *[other] { $count } photos came in while I was away; you can find them now.
}
notice-moving-sticker = This sticker is an animation that I cannot look at yet. Photos and picture files are fine.
notice-no-photo = This file is no photo that I can look at. Show me JPEG, PNG, WEBP, GIF, AVIF, HEIC or BMP.
