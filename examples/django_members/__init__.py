"""The members of an organization, in Django: `python -m examples.django_members`.

People see who belongs to their organization; its admins invite others. Users are in Django's database too, where other
tables can refer to them: they are made on first sight, and kept up to date by webhook. Let the endpoint,
http://localhost:8000/webhooks here, have the events `user.created`, `user.updated` and `user.deleted`.
"""
