"""The register as open data: 自治体標準オープンデータセット, 住民 values only."""
