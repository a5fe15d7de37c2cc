"""``python -m playbook`` is the command ``playbook``."""

from playbook.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
