"""How far confidence, evidence and what fits no label can be relied on."""
