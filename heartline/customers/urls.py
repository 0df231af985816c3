"""Addresses of customers, under /customers/."""

from django.urls import path

from heartline.customers.pages import customer, duplicates, imports, leaving, listing, organisations

app_name = "customers"
urlpatterns = [
    path("", listing.listing, name="list"),
    path("new/", customer.add, name="add"),
    path("export/", leaving.export, name="export"),
    path("views/", listing.keep_view, name="keep_view"),
    path("views/<int:id>/remove/", listing.drop_view, name="drop_view"),
    path("organisations/", organisations.listing, name="organisations"),
    path("organisations/new/", organisations.edit, name="organisation_add"),
    path("organisations/<int:id>/", organisations.organisation, name="organisation"),
    path("organisations/<int:id>/edit/", organisations.edit, name="organisation_edit"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<int:id>/dismiss/", duplicates.dismiss, name="dismiss"),
    path("merges/<int:id>/undo/", duplicates.undo, name="unmerge"),
    path("import/", imports.imports, name="imports"),
    path("import/<int:id>/", imports.job, name="import"),
    path("import/<int:id>/stop/", imports.stop, name="import_stop"),
    path("import/<int:id>/go-on/", imports.go_on, name="import_go_on"),
    path("import/<int:id>/progress/", imports.progress, name="import_progress"),
    path("import/<int:id>/problems.csv", imports.problems, name="import_problems"),
    path("<int:customer_id>/", customer.customer, name="customer"),
    path("<int:customer_id>/edit/", customer.edit, name="edit"),
    path("<int:customer_id>/show/", customer.reveal, name="reveal"),
    path("<int:customer_id>/notes/", customer.notes, name="notes"),
    path("<int:customer_id>/notes/<int:id>/remove/", customer.drop_note, name="drop_note"),
    path("<int:customer_id>/addresses/<int:id>/remove/", customer.drop_address, name="drop_address"),
    path("<int:customer_id>/consent/", customer.consent, name="consent"),
    path("<int:customer_id>/merge/", duplicates.find, name="find_other"),
    path("<int:customer_id>/merge/<int:other_id>/", duplicates.merge, name="merge"),
    path("<int:customer_id>/data/", leaving.export_one, name="export_one"),
    path("<int:customer_id>/erase/", leaving.erase, name="erase"),
]
