"""How many labels are right: a forecast before anybody looked, a limit afterwards.

Pure functions on arrays. A *forecast* (:func:`sign_off`, :func:`expected_gain`) adds up
confidences and is as good as they are. An *audit* takes nothing on trust: a person
checks a random sample (:func:`draw_sample`) without seeing what was decided, and
:func:`audit_result` gives a lower limit for the share of all labels that are right.
The limit holds with the stated probability for any documents, any classifier, however
wrong its confidences, and whenever the person stops; :class:`Certificate` keeps it.

Examples
--------
>>> import numpy as np
>>> confidences = np.linspace(0.6, 0.999, 600)
>>> sign_off(confidences, target=0.95).n_alone
148
>>> sample = draw_sample(confidences, 100, seed=7)
>>> found = audit_result(sample, ["right"] * len(sample.rows))
>>> f"at least {found.limit:.1%} are right, {found.level:.0%} certain"
'at least 94.5% are right, 95% certain'
"""

from longshot.audit.certificate import Certificate, certify, population_hash
from longshot.audit.expectations import Shift, corrected_confidences, shift_of_odds
from longshot.audit.gains import Gain, expected_gain
from longshot.audit.result import Answer, AuditResult, audit_result
from longshot.audit.sample import AuditSample, draw_sample, planned_limit
from longshot.audit.sign_off import SignOff, sign_off

__all__ = [
    "Answer",
    "AuditResult",
    "AuditSample",
    "Certificate",
    "Gain",
    "Shift",
    "SignOff",
    "audit_result",
    "certify",
    "corrected_confidences",
    "draw_sample",
    "expected_gain",
    "planned_limit",
    "population_hash",
    "shift_of_odds",
    "sign_off",
]
