"""Categories."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from visavis.catalog.models import Category


class CategoryForm(forms.ModelForm[Category]):
    """A heading: its name, once per company."""

    class Meta:
        model = Category
        fields = ("name",)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        same = Category.objects.filter(company=self.instance.company, name__iexact=name)
        if same.exclude(pk=self.instance.pk or 0).exists():
            raise ValidationError(_("There is one of this name already."))
        return name
