"""Rows kept for months: folded from the ledger once, written as Parquet, read by DuckDB, brought up to the moment on reading.

What is kept can always be thrown away: it is made anew from the ledger. DuckDB is loaded when first needed, never at start.
"""
