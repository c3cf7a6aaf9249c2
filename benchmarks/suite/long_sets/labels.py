"""Which labels the sets have, and what in a package stands for each."""

from collections.abc import Mapping, Sequence

SUBSYSTEMS: Mapping[str, str] = {
    "networking": "networking",
    "hwmon": "hardware monitoring sensors",
    "filesystems": "filesystems",
    "arm": "ARM platforms",
    "virt": "virtualisation",
    "sound": "sound",
    "gpu": "graphics and display drivers",
    "mm": "memory management",
    "x86": "x86 architecture",
    "i2c": "I2C bus",
    "trace": "tracing",
    "scsi": "SCSI storage",
    "process": "development process and community",
    "input": "input devices",
    "fb": "framebuffer devices",
    "bpf": "BPF programs",
    "powerpc": "PowerPC architecture",
    "dev-tools": "development and testing tools",
    "power": "power management",
    "usb": "USB",
    "security": "security",
    "RCU": "read-copy-update synchronisation",
    "PCI": "PCI bus",
    "leds": "LEDs",
    "locking": "locking",
    "block": "block layer",
    "scheduler": "process scheduler",
    "crypto": "cryptography",
    "userspace-api/media": "video and media interfaces",
}
"""Of Linux's documentation, by folder."""

FAQ_SECTIONS: Mapping[str, str] = {
    "A": "what anarchism is, its ideas and history",
    "B": "why anarchists oppose authority, hierarchy and the state",
    "C": "myths of capitalist economics",
    "D": "how statism and capitalism affect society",
    "E": "causes of ecological problems",
    "F": "why anarcho-capitalism is no anarchism",
    "G": "individualist anarchism",
    "H": "why anarchists oppose state socialism and Marxism",
    "I": "what an anarchist society would look like",
    "J": "what anarchists do: activism, organisation, revolution",
}
"""Of "An Anarchist FAQ", by letter."""

BOOKS_OF_THE_BIBLE: Sequence[tuple[str, int]] = (
    ("law of Moses", 5),
    ("history of Israel", 12),
    ("poetry and wisdom", 5),
    ("prophets", 17),
    ("gospels and acts of the apostles", 5),
    ("letters of the apostles", 21),
    ("apocalypse", 1),
)
"""Kinds of books, and how many of them follow each other."""

AUTHORS: Mapping[str, str] = {
    "austen": "Jane Austen",
    "bryant": "Sara Cone Bryant",
    "burgess": "Thornton Burgess",
    "carroll": "Lewis Carroll",
    "chesterton": "G. K. Chesterton",
    "edgeworth": "Maria Edgeworth",
    "melville": "Herman Melville",
    "milton": "John Milton",
    "shakespeare": "William Shakespeare",
    "whitman": "Walt Whitman",
}
"""By how the names of their files begin."""

ERAS: Mapping[int, str] = {
    1828: "early republic, 1790 to 1828",
    1865: "antebellum and Civil War, 1829 to 1865",
    1900: "Reconstruction and Gilded Age, 1866 to 1900",
    1945: "Progressive Era, depression and world wars, 1901 to 1945",
    1991: "Cold War, 1946 to 1991",
    9999: "since the Cold War, from 1992",
}
"""By the last year."""

FIELDS_OF_PYTHON: Mapping[str, str] = {
    "text": "text and data formats",
    "binary": "text and data formats",
    "fileformats": "text and data formats",
    "i18n": "text and data formats",
    "datatypes": "data types, mathematics and functional tools",
    "numeric": "data types, mathematics and functional tools",
    "functional": "data types, mathematics and functional tools",
    "filesys": "files, storage and compression",
    "persistence": "files, storage and compression",
    "archiving": "files, storage and compression",
    "allos": "operating system services",
    "unix": "operating system services",
    "windows": "operating system services",
    "concurrency": "concurrency and processes",
    "ipc": "concurrency and processes",
    "asyncio": "concurrency and processes",
    "netdata": "internet protocols and markup",
    "email": "internet protocols and markup",
    "markup": "internet protocols and markup",
    "internet": "internet protocols and markup",
    "development": "development, debugging and profiling",
    "debug": "development, debugging and profiling",
    "distribution": "development, debugging and profiling",
    "python": "runtime, imports and language services",
    "custominterp": "runtime, imports and language services",
    "modules": "runtime, imports and language services",
    "language": "runtime, imports and language services",
}
"""By the chapter of the library reference."""

KINDS_OF_PERL_DOCUMENTS: Mapping[str, str] = {
    "Tutorials": "tutorial or question and answer",
    "Reference Manual": "language reference",
    "Internals and C Language Interface": "internals of the interpreter",
    "History": "release notes",
    "Platform-Specific": "porting notes for a platform",
}
"""By the heading of the manual's overview."""

MANUAL_SECTIONS: Mapping[str, str] = {
    "1": "user command",
    "2": "system call",
    "3": "library function",
    "4": "device or driver",
    "5": "file format or configuration file",
    "6": "game",
    "7": "overview, protocol or convention",
    "8": "system administration command",
}
"""Kinds of manual pages, by number."""
