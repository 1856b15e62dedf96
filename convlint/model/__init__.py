"""Roots to analyse and their inputs; the summary of a model."""
