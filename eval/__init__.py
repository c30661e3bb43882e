"""Whether Pullquote works, and how well: question sets, a runner, metrics, a report.

``command`` holds one function a command; ``dataset`` opens question sets, ``run`` asks them,
``metrics`` measures the results, ``report`` shows and compares them. ``studies`` and ``bench``
answer one question each, ``training`` makes the weights. Nothing here needs a judge model: the same
results give the same figures.
"""
