"""Who is loyal and what that is worth: promoters and detractors, their spending and word of mouth, the pyramid and its movement."""
