"""The gate through which every engine goes: what the first one tells, the others tell too."""
