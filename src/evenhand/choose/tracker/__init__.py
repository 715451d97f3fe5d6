"""The working tracker of a programme office, read as it is: sheets, headings, amounts, rows, schemes, sums, months."""
