"""Files, discovery, the framework-word prefilter, notebooks, suppression comments and positions.

Law: nothing here needs a parser or a third party's package, so that files which do not matter cost little.
"""

from convlint.source.files import SourceFile, UnreadableSource, decode_source, read_source

__all__ = ["SourceFile", "UnreadableSource", "decode_source", "read_source"]
