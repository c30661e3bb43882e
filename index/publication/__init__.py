"""Publishing a library generation by generation, and following it on other machines.

A publisher cuts the files of one state into blocks named by their hashes, writes those that are not
there yet, then a manifest that lists them, and last one small pointer. A follower reads the
pointer, takes the blocks that it lacks, and answers from the new generation once all of it is
there and verified. Nothing compares the clocks of two machines.

::

    PLACE/current.json              the pointer: the manifests that are kept, the newest first
    PLACE/manifests/SHA256.json     the files of a generation, each a list of blocks
    PLACE/blocks/AB/ABCD...         up to 4 MiB of a file
"""
