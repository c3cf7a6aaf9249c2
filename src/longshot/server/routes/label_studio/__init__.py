"""Label Studio's ML backend: suggestions for its tasks, and learning from its labels.

https://labelstud.io/guide/ml_create. Its users give the base address of a backend:
``http://HOST:PORT/label-studio/PROJECT``, or without the project where one is served.
What people label there is kept in that project, one document for each task, so that the
next task is suggested by it. Without any project, labels are suggested by their names.

Fields that Label Studio sends and nothing here needs are left aside.
"""

from longshot.server.routes.label_studio.routes import router

__all__ = ["router"]
