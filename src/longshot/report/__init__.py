"""Results for people and programs: tables, pages, figures and files of vectors."""
