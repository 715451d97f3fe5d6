"""Questions that figures raise, put to those who know the patients: tables, one reader, one writer."""
