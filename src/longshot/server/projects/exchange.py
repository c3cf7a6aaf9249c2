"""A project to a file, and labels of other tools back in."""

from fastapi import APIRouter

router = APIRouter()
