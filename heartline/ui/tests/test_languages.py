"""What depends on the language alone is made once in each."""

from __future__ import annotations

from django.utils.translation import gettext, override

from heartline.ui.languages import once_per_language


def test_it_is_made_once_in_each_language_and_never_handed_to_another():
    made = list[str]()

    @once_per_language
    def word() -> str:
        said = str(gettext("Close"))
        made.append(said)
        return said

    for language in ("en", "zh-hans", "en", "zh-hans"):
        with override(language):
            assert word() == gettext("Close")
    assert len(set(made)) == len(made) == 2
