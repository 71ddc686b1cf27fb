"""Speed and memory as ratios and counts; `make bench NAME=load` runs one of these modules."""
