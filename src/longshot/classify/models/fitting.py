"""From a support set and what is said of its labels to a model."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

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

if TYPE_CHECKING:
    from longshot.classify.features.entailment import LabelHypotheses, OnPass
    from longshot.encoders.transformers.entailment import EntailmentModel

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
    names_model
        What is asked about each label's name, beside the names' vectors; None where
        nothing is.
    on_pass
        Told how far it is.
    """

    texts: TextFeatures
    head: Head
    names: bool
    unknown: float | None
    read: Extent
    names_model: "EntailmentModel | None" = None
    on_pass: "OnPass | None" = None

    def fit(
        self,
        support: SupportSet,
        descriptions: Mapping[Label, str | None],
        hypotheses: "LabelHypotheses | None",
    ) -> Model:
        """Learn from a support set and what is said of its labels.

        Parameters
        ----------
        support, descriptions
            The examples, and what is said of each label.
        hypotheses
            What :meth:`hypotheses` gives of them.

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
        if names is not None and hypotheses is not None:
            names = hypotheses.asked_of(names)
            support = support.replaced(
                support.examples,
                hypotheses.asked(
                    support.features, [one.text for one in support.examples]
                ),
            )

        def background() -> DocumentFeatures:
            texts = background_texts()
            read = self.texts.of(texts)
            return read if hypotheses is None else hypotheses.asked(read, texts)

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
            background=background,
            unknown=self.unknown,
        )

    def hypotheses(
        self, classes: np.ndarray, descriptions: Mapping[Label, str | None]
    ) -> "LabelHypotheses | None":
        """Give what documents are asked about each label; None where nothing is.

        Raises
        ------
        ExamplesError
            If labels are numbers or codes that nobody described.
        """
        if self.names_model is None:
            return None
        texts = name_texts(classes, descriptions)
        if texts is None:
            raise ExamplesError(
                "with names_model, labels must have names or descriptions to ask "
                f"about; {classes[0]} has neither. Describe the labels."
            )
        from longshot.classify.features.entailment import LabelHypotheses, hypotheses_of

        return LabelHypotheses(
            model=self.names_model,
            of_labels=hypotheses_of(classes.tolist(), texts, descriptions),
            cache=self.texts.embedder.cache,
            on_pass=self.on_pass,
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


def check_names_model(
    names_model: str | None, *, head: Head, names: bool, read: Extent
) -> None:
    """Find out before any work whether a model can be asked about names.

    Raises
    ------
    SettingError
        If another setting leaves nothing to ask, or does not read documents whole.
    """
    if names_model is None:
        return
    for setting, wanted, found in (
        ("head", "views", head),
        ("names", True, names),
        ("read", "all", read),
    ):
        if found != wanted:
            raise SettingError(
                f"{setting} must be {wanted} with names_model; got {found}. Leave out "
                "one of the two."
            )


def _check_shown(support: SupportSet) -> None:
    if without := sorted(set(support.classes) - set(support.shown)):
        raise ExamplesError(
            "a label without examples must have a name that is used as evidence, or "
            f"a description; {without[0]} has neither. Add an example or a "
            "description."
        )
