# Everything that is said to people: what happened, what is possible, what to do.

## When a photo could not be read

error-bad-photo = I could not open this photo. Please save it as JPEG or PNG and send it again.
error-not-a-picture = This does not look like a photo. Please send JPEG, PNG, WEBP, GIF, AVIF, HEIC or BMP.
error-undecodable = The file is too damaged to get a picture out of it. Could you send the original again?
error-too-many-bytes = The file has { $found } MB. I can look at up to { $megabytes } MB, please make it smaller.
error-too-many-pixels = The photo is too large. I can look at up to { $megapixels } megapixels and { $side } pixels a side, please make it smaller.
error-too-thin = The photo is too thin to see. It needs at least { $pixels } pixels each way.
error-decode-timeout = Opening the photo took longer than { $seconds } seconds, so I stopped. Please save it as JPEG or PNG and send it again.
error-decode-memory = Opening the photo took too much memory, so I stopped. Please make it smaller and send it again.
error-decode-crash = Something broke while opening the photo. Please save it as JPEG or PNG and send it again.

## When work piles up or stops

error-busy = There is a pile of photos waiting. { $place } are before yours, please send it again in a moment.
error-late = This took too long and I have no answer for now. Please send it again in a moment.
error-stopped = I am just closing. Please send it again when I am back.
error-model-failed = The part of me that looks at photos has a problem. Please send it again in a moment.
error-internal = Something is wrong with me and I have no answer (ticket { $ticket }). Please send it again in a moment.
error-weights-missing = The model file ({ $name }) is not here yet. Please run: chalkak models fetch
error-weights-corrupt = The model file ({ $name }) is not the registered one. Please run: chalkak models fetch { $name }
error-no-room = I could not write { $path } ({ $reason }). Check space and permissions, or choose another folder.
error-no-file = There is no such file. Please check the path.
error-no-photos = There is no photo in this folder that I could read.
error-no-reading = I could not read the file ({ $reason }). Please check its permissions.

## What is added to an answer

note-partial = Part of the photo is damaged; I looked at what is left of it.
note-objects = The part that recognises things is taking a rest.
note-faces = The part that finds faces is taking a rest.
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
