"""`cartwheel up`: one small process that starts the others, keeps them running, and ends them.

Nothing here imports the web framework or the database: what the supervisor does not load, it
cannot leak, and an idle installation stays small.
"""
