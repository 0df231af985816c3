"""What other systems know of a customer (orders, payments, deliveries, visits), on the same timeline as what we do."""
