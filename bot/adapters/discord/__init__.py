"""Chalkak on Discord: a gateway that listens, a REST API that fetches and answers, nothing that is lost.

`chat` is the whole of it.  `gateway` hears what happens and `link` holds the connection of this moment;
`listening` tells the door, in the order of each channel (`lanes`) and up to where (`positions`);
`catchup` reads what was missed.  `reading` knows what a message shows, `fetching` and `answering` do
the two errands of the desk, `failures` says what a refusal means.  `welcome` and `signs` are manners.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of audioop, which only voices need
    import discord as discord
