"""Symbolic integers: normal form, decision, witness and printing; imports nothing."""
