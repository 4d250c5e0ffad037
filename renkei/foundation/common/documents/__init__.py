"""Documents for paper: PDF by typst (``pdf``) and Word (``word``), in one look."""
