"""Results for people and programs: tables and files of vectors."""
