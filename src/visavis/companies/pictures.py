"""Pictures that people upload: looked at, turned upright, made small and saved anew.

Saving anew leaves behind whatever else the file carried: places, cameras, or worse.
"""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from visavis.companies.models import new_token

LARGEST_BYTES = 8 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
SIDE = 1200
FORMATS = ("PNG", "JPEG", "WEBP")


def clean_picture(upload: UploadedFile[bytes]) -> ContentFile[bytes]:
    """Return the picture as a WebP of modest size. Raises ValidationError if it is none."""
    if upload.size is None or upload.size > LARGEST_BYTES:
        raise ValidationError(_("The picture is too large: 8 MB at most."))
    try:
        upload.seek(0)
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise ValidationError(_("The picture is too large: 40 million pixels at most."))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((SIDE, SIDE))
            saved = BytesIO()
            upright.convert("RGBA" if _see_through(upright) else "RGB").save(
                saved, "WEBP", quality=82
            )
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ValidationError(
            _("This is not a picture that we can read. Use PNG, JPEG or WebP.")
        ) from error
    return ContentFile(saved.getvalue(), name=f"{new_token()}.webp")


def forget_picture(old: FieldFile, *, unless: str | None = None) -> None:
    """Delete the file of a picture once its row has let go of it, unless it is the one kept."""
    name, storage = old.name, old.storage
    if name and name != unless:
        transaction.on_commit(lambda: storage.delete(name))


def _see_through(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA") or "transparency" in picture.info
