"""What one company has put in, decided, sealed and computed; knows no chapter."""
