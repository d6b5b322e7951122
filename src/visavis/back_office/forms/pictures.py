"""A picture that somebody chose in a form."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from visavis.companies.pictures import clean_picture


def resized(picture: Any) -> ContentFile[bytes] | object:
    """Return a newly chosen picture made small; anything else (kept, removed) as it is.

    Raises ValidationError if it is no picture.
    """
    return clean_picture(picture) if isinstance(picture, UploadedFile) else picture
