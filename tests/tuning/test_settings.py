from typing import Any

import pytest

from longshot.errors import SettingError
from longshot.tuning.settings import TuningSettings


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"steps": 0}, "steps must be at least 1; got 0. Raise --steps."),
        ({"batch_windows": 3}, "batch_windows must be at least 4; got 3."),
        ({"window_tokens": 2}, "window_tokens must be at least 8; got 2."),
        ({"learning_rate": 2.0}, "learning_rate must be between 0 and 1; got 2."),
    ],
)
def test_settings_outside_of_what_they_may_be_are_told(
    setting: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingError) as told:
        TuningSettings(**setting)
    assert str(told.value).startswith(message)
