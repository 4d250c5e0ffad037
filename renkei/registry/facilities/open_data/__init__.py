"""The register as open data: the standard layouts of 自治体標準オープンデータセット, 住民 values only."""
