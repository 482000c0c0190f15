"""What the checks that ask the program many questions count with. Standard library only."""


class Checks:
    """Counts what holds and what does not."""

    def __init__(self, file=None):
        self.file = file
        self.passed = self.failed = 0

    def that(self, holds, what, more=""):
        said = f": {more}" if more and not holds else ""
        print(f"{'ok  ' if holds else 'FAIL'}  {what}{said}", file=self.file, flush=True)
        self.passed, self.failed = (self.passed + 1, self.failed) if holds else (self.passed, self.failed + 1)
