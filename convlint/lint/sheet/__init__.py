"""What an editor shows of a file beside its findings: shapes, layers, models and an outline.

Law: a sheet is plain data, made from one analysis and independent of it, so that it can be sent to another
process; a number in it holds on every path and for every object that it speaks of, or it is not there.
"""
