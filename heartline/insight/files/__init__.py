"""Any file becomes a table: CSV of any encoding and delimiter, Excel, Parquet. What cannot be read is named by line and reason."""

from heartline.insight.files.frame import BadRow, Coded, Frame, frame_of
from heartline.insight.files.reading import read_table

__all__ = ["BadRow", "Coded", "Frame", "frame_of", "read_table"]
