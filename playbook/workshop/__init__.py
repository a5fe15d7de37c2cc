"""What a room needs: agenda, quiz, forms, and the page of those who decide."""
