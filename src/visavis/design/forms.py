"""How forms look: every field with its label, help and error, by one template."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Render fields with the design system's templates."""

    field_template_name = "design/field.html"
    form_template_name = "design/form.html"
