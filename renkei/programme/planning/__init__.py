"""Room: (イ) 課題の抽出と対応策の検討: councils, issues and the plan."""
