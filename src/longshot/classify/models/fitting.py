"""From a support set and what is said of its labels to a model."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from longshot.classify.early_stopping.stopping import (
    FEWEST_EXAMPLES,
    Extent,
    StoppingRule,
)
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import (
    Layout,
    TextFeatures,
    background_texts,
)
from longshot.classify.labels.label_lists import Label
from longshot.classify.labels.support import SeveralSupportSet, SupportSet
from longshot.classify.models.article import ArticleModel
from longshot.classify.models.base import Model, NoveltyModel, StoppableModel
from longshot.classify.models.several_labels import SeveralLabelsModel
from longshot.classify.models.views import ViewsModel
from longshot.classify.scorers.names import name_texts, read_names
from longshot.errors import ExamplesError, LongshotWarning, SettingError

Head = Literal["views", "nearest", "prototype"]
_WHERE_SEVERAL = "where documents may have several labels"
_SINCE_NONE = ": a document to which no label applies gets none anyway."


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ModelFitter:
    """Fits a model to a support set, as it is asked for.

    Attributes
    ----------
    texts
        What reads names.
    head
        How documents are compared with examples.
    names
        Whether the labels' names are read.
    unknown
        The false-rejection rate; None where no document is rejected.
    read
        How far documents are read.
    """

    texts: TextFeatures
    head: Head
    names: bool
    unknown: float | None
    read: Extent

    def fit(
        self, support: SupportSet, descriptions: Mapping[Label, str | None]
    ) -> Model:
        """Learn from a support set and what is said of its labels.

        Raises
        ------
        ExamplesError
            If a label has neither an example nor a name that may be read, or the
            examples are too few for what is asked.
        SettingError
            If the model cannot do what is asked.
        """
        layout = Layout.of(self.texts.embedder)
        if self.head != "views":
            if isinstance(support, SeveralSupportSet):
                raise SettingError(
                    "head must be views where documents may have several labels; got "
                    f"{self.head}. Leave it out."
                )
            self._check_able(ArticleModel, f"with the head {self.head}")
            return ArticleModel.fit(support, self.head, layout.window_pooling)
        names = self._names(support, descriptions)
        if isinstance(support, SeveralSupportSet):
            self._check_able(SeveralLabelsModel, _WHERE_SEVERAL)
            if names is None and support.form == "lists":
                _check_shown(support)
            return SeveralLabelsModel.fit(support, names, layout)
        if names is None:
            _check_shown(support)
        return ViewsModel.fit(
            support,
            names,
            layout,
            background=lambda: self.texts.of(background_texts()),
            unknown=self.unknown,
        )

    def rule(self, model: Model) -> StoppingRule | None:
        """Learn how far documents are to be read; None where nobody asked.

        Where the examples do not tell, it says so, and all is read.
        """
        if self.read == "all" or not isinstance(model, StoppableModel):
            return None
        rule = model.stopping_rule()
        if not rule.shifts:
            warnings.warn(
                f"read=adaptive needs at least {FEWEST_EXAMPLES} examples longer than "
                "one window, to learn how much the rest of a document can change; "
                "there are fewer. Every document is read whole.",
                LongshotWarning,
                stacklevel=4,
            )
        return rule

    def _check_able(self, model: type, where: str) -> None:
        """Hold what is asked against what a model can do."""
        if self.unknown is not None and not issubclass(model, NoveltyModel):
            raise SettingError(
                f"unknown cannot be used {where}; got {self.unknown}. Leave it out"
                + (_SINCE_NONE if where == _WHERE_SEVERAL else ", or use head views.")
            )
        if self.read != "all" and not issubclass(model, StoppableModel):
            raise SettingError(
                f"read must be all {where}; got {self.read}. Read every document whole."
            )

    def _names(
        self, support: SupportSet, descriptions: Mapping[Label, str | None]
    ) -> DocumentFeatures | None:
        """Read the labels' names; None where they say nothing, or are not wanted."""
        texts = name_texts(support.classes, descriptions) if self.names else None
        if texts is None:
            return None
        return read_names(texts, self.texts.of)


def _check_shown(support: SupportSet) -> None:
    if without := sorted(set(support.classes) - set(support.shown)):
        raise ExamplesError(
            "a label without examples must have a name that is used as evidence, or "
            f"a description; {without[0]} has neither. Add an example or a "
            "description."
        )
