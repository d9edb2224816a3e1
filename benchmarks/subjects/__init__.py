"""What is measured: the client, and what it is compared with.

Each function returns the work of a subject, ready to be measured. What it opens stays open until the process ends.
"""
