"""Packets that were taken apart: as rows, as a strip of pages, and as files of PDF."""

from longshot.report.packets.parts import check_parts_place, write_parts
from longshot.report.packets.rows import section_row
from longshot.report.packets.strip import strips

__all__ = ["check_parts_place", "section_row", "strips", "write_parts"]
