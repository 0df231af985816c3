"""Who will leave, how sure that is, and what goes with it: chances that are checked on customers the model did not see."""
