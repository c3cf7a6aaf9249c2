"""How fast a project, a server and the page to label on answer."""
