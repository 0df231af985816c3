"""Pictures are drawn anew: what is stored holds points of colour and nothing else, no place, no camera, no passenger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from heartline.common.errors import Invalid

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS = 40_000_000  # of one picture; more than any phone's camera makes by default
FRAME_PIXELS = 80_000_000  # of all frames of an animation together
FRAMES = 300
_SETTINGS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"optimize": False},
    "GIF": {},
    "WEBP": {"quality": 88},
}


def redraw(source: Path, target: Path, form: str) -> None:
    """Write the picture in `source` to `target` as points of colour alone, or raise Invalid."""
    from PIL import Image

    try:
        with Image.open(source, formats=[form]) as picture:
            _check_size(picture)
            frames = _frames(picture, form)
            _save(frames, target, form, durations=_durations(picture, len(frames)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_points() from None
    except Invalid:
        raise
    except Exception:  # a broken picture fails in as many ways as there are formats
        message = _("This picture is damaged and cannot be opened. Save it again and send that")
        raise Invalid(message, code="damaged_file", fields={"file": message}) from None


def _check_size(picture: Image) -> None:
    points, frames = picture.width * picture.height, getattr(picture, "n_frames", 1)
    if points > PIXELS or frames > FRAMES or points * frames > max(FRAME_PIXELS, points):
        raise _too_many_points()


def _frames(picture: Image, form: str) -> list[Image]:
    from PIL import ImageOps, ImageSequence

    upright = [ImageOps.exif_transpose(frame.copy()) for frame in ImageSequence.Iterator(picture)]
    return [_only_points(frame, form) for frame in upright]


def _only_points(frame: Image, form: str) -> Image:
    transparent = frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info
    drawn = frame.convert("RGBA" if transparent and form != "JPEG" else "L" if frame.mode in ("1", "L") else "RGB")
    drawn.info = {}
    return drawn


def _durations(picture: Image, count: int) -> list[int]:
    length = picture.info.get("duration", 100)
    return [min(max(int(length), 20), 10_000)] * count


def _save(frames: list[Image], target: Path, form: str, *, durations: list[int]) -> None:
    moving = (
        {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 0} if len(frames) > 1 else {}
    )
    with target.open("xb") as file:
        frames[0].save(file, form, **_SETTINGS[form], **moving)


def _too_many_points() -> Invalid:
    message = _("This picture has too many points to be opened safely. Make it smaller and send that")
    return Invalid(message, code="picture_too_large", fields={"file": message})
