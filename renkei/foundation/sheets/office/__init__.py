"""An office's own .xlsx: which item goes into which cell, and the filling in without a scratch.

A workbook is filled in by replacing the bytes of single cells in the XML of its sheets. Whatever
else is in the file, pictures, shapes, charts, print settings, extensions nobody knows, stays byte
for byte: libraries that load and save a workbook drop what they do not understand.
"""
