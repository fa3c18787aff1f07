"""Every interleaving of a scenario: the search, what it finds, and how it says so.

:func:`~threadkit.cow.explore.search.explore` walks the states,
:mod:`~threadkit.cow.explore.conditions` asks a final state the scenario's question,
:func:`~threadkit.cow.explore.observe.observe` puts the answers into an
:class:`~threadkit.cow.outcome.Outcome`, and :mod:`~threadkit.cow.explore.parting` finds
where two kernels part.
"""
