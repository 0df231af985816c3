"""The routing plan as people write it: pages, files and programs; what changed in words; yesterday under other rules."""
