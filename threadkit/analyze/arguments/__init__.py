"""Who says what, on which ground, against whom: the arguments of one mail."""
