"""What the portal costs, measured beside the least that Django, PostgreSQL and WeasyPrint cost: `manage.py bench`."""
