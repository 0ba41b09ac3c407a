"""What a process of the web server does once all of the program is loaded."""

import gc


def settle() -> None:
    """What is loaded is never garbage: collections pass it by, and leave its pages shared with the workers."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)  # a request makes thousands of objects and hardly a cycle
