"""A debate as a person read it: claims in our own words, and what the model says of them.

A casebook is a folder of YAML files. This package reads and checks it, and works on
values only: no SQL, no network, no mail store.
"""
