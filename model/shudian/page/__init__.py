"""The planner's page: one HTML file in which the model itself runs."""
