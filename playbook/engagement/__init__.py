"""What one company has put in, decided, sealed and computed; knows no chapter."""

from playbook.engagement.folder import Engagement

__all__ = ["Engagement"]
