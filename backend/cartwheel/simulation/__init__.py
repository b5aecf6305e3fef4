"""Playing a workflow without touching the world: the same engine, a virtual clock, no transport.

Nothing here can reach a network or a secret. A request that a step would send is written down, and
its answer is the node type's sample, or the one that the scenario gives.
"""
