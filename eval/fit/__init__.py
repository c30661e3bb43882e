"""Fitting: the small models that come with Pullquote, made again from open question sets."""
