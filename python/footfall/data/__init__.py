"""Input tables: Orders, Events, Customers."""
