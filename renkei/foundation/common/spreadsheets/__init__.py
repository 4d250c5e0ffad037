"""Spreadsheets in (``read``, ``columns``) and out (``write``).

A file from an office is never trusted: it may be huge, cut off, another kind of file than its
name says, or built to fill the memory. Whatever it is, reading ends in rows or in one Japanese
sentence with the place and the remedy (``problems``).
"""
