"""Audits: a random sample, checked blind, and what it tells of all labels."""

from fastapi import APIRouter

router = APIRouter()
