"""The only way out: nothing else in Cartwheel opens a connection to the outside.

`http` carries one HTTP call, `mail` one e-mail; both go through the address `guard`. `redaction`
takes secrets out of what is kept or shown, `limits` keeps a provider's pace.
"""
