"""The local web chat: one page on loopback, its API, and what operators ask a running service.

server   the application and its socket      guard    who may ask at all
page     the one page and its files          uploads  photos in
photos   photos out, deletion                finding  `/find`
live     the WebSocket                       operate  health, metrics, backups
wire     a photo as JSON                     errors   refusals as HTTP
"""
