"""Measurements that anybody can run again: ``python -m benchmarks [NAME …]``. Results stand in docs/benchmarks.md."""
