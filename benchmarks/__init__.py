"""Measurements that anyone can repeat. Each script prints its figures and the machine; none is run by the tests."""
