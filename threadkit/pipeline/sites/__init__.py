"""Sites of conversations: what is stored of one, as the values that its pages are made of."""
