"""Sync: the library made equal to a source, again and again.

::

    folder   what files there are, and how to tell that one has changed
    state    what is known of a source since the last time, kept in the store
    engine   the comparison: what to read, what to remove, when to refuse
    links    the same for a feed, a sitemap or a page
    watch    the same whenever something changes, or now and then
"""
