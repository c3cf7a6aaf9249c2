"""How sure a decision is: temperature, conformal sets, novelty, new classes."""
