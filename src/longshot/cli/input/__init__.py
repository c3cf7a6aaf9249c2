"""What commands read: EXAMPLES, and the vectors of documents.

Both tell the run's summary what they found, and what had to be set aside.
"""
