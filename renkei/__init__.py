"""Renkei: the platform of a municipality's 在宅医療・介護連携推進事業."""
