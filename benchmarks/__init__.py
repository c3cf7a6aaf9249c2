"""Measurements that stand behind every claim of speed and quality."""
