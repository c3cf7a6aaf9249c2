"""What a cluster takes and gives: capacity, agreement, faults, memory.

Run: python -m benchmarks.cluster.capacity, .agreement, .faults, .speed, .storage
"""
