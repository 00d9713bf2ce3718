"""What is drawn onto the pages of completed documents, one trade per module. No Django here: values in, bytes out.

Positions are points (1/72 inch) from the top left corner of a page as displayed, y downwards, as the API has them;
inside a box, and on reportlab's canvas, y goes up.
"""
