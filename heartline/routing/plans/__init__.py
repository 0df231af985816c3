"""The routing plan as it is kept: numbered versions, one in use, written by keys that mean the same in every file.

`reading` from what was written to the plan of the rules, and what is wrong with it · `toml` the same as a file ·
`actions` the only writer · `queries` the plan in use.
"""
