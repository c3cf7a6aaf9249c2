"""Text between tags: ``html`` takes the main text of a page, ``xml`` all of it."""
