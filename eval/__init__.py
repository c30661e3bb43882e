"""Whether Pullquote works, and how well: question sets, a runner, metrics, a report.

``command`` holds one function a command; ``dataset`` opens question sets, ``run`` asks them,
``metrics`` and ``score`` measure the results, ``report`` and ``table`` show them, ``compare``
and ``gate`` judge them. Nothing here needs a judge model: the same results give the same
figures.
"""
