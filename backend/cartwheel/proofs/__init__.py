"""Proofs: one message as a step would write it, sent to the person who asked and to nobody else."""
