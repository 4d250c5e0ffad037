"""架空県・架空広域: the invented region every fresh installation starts with.

Nothing here is real: prefecture code 99, an island in the sea east of 銚子, people and facilities made by
a seeded program. The files are written in the official layouts and go through the real importers.
"""
