"""A company's logo: what is uploaded, where it stands, and what is left of it."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from back_office.staff import sign_in
from visavis.companies.pictures import clean_picture

pytestmark = pytest.mark.django_db
DETAILS = {
    "name": "Willow Practice",
    "slug": "willow",
    "email": "office@willow.example",
    "time_zone": "Europe/Paris",
    "language": "en",
    "currency": "EUR",
    "accent_colour": "#0f766e",
}


def upload(name="logo.png", size=(40, 20), **saving):
    file = BytesIO()
    Image.new("RGB", size, "#be123c").save(file, **{"format": "PNG", **saving})
    return SimpleUploadedFile(name, file.getvalue())


@pytest.fixture
def save(client, company, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    sign_in(client, company, "owner")

    def send(**fields):
        with django_capture_on_commit_callbacks(execute=True):
            address = reverse("back_office:company_settings", args=[company.slug])
            response = client.post(address, DETAILS | fields)
        company.refresh_from_db()
        return response

    return send


def test_a_logo_stands_on_the_booking_site_instead_of_the_initial(client, company, save):
    save(logo=upload())

    site = client.get("/willow/").text
    assert f'<img class="brand-logo" src="{company.logo.url}" alt="">' in site
    assert "brand-mark" not in site


def test_what_is_no_picture_is_refused_beside_its_field(company, save):
    save(logo=upload())
    before = company.logo.name

    response = save(logo=SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>"))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["logo"]
    assert company.logo.name == before


def test_a_logo_that_was_replaced_or_removed_leaves_no_file(company, save, tmp_path):
    save(logo=upload())
    save(logo=upload(size=(20, 20)))
    assert len(list(tmp_path.rglob("*.webp"))) == 1

    save(**{"logo-clear": "on"})

    assert not company.logo
    assert list(tmp_path.rglob("*.webp")) == []


def test_a_picture_is_saved_small_and_without_what_else_it_told():
    exif = Image.Exif()
    exif[0x010F] = "A camera"

    kept = clean_picture(upload("photo.jpg", (3000, 2000), format="JPEG", exif=exif))

    with Image.open(kept) as picture:
        assert max(picture.size) <= 1200
        assert not picture.getexif()
