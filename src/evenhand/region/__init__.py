"""The main job: reads a region's folder and runs the rooms in order, on whatever is there."""
