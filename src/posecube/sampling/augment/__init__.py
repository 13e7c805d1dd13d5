"""What is done to training clips at random, and to test clips to see what a model stands."""
