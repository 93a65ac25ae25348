"""Files that appear as a whole, or not at all.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import secrets


class Beside:
    """A file that is written beside the one that it replaces, or removed if it does not become complete."""

    def __init__(self, path, mode='x'):
        """mode: for text, or 'xb'."""
        self._path, self._mode = path, mode
        self._new = os.path.join(os.path.dirname(path), 'tmp' + secrets.token_hex(8))

    def __enter__(self):
        text = {} if 'b' in self._mode else {'encoding': 'utf-8', 'newline': ''}
        self._file = open(self._new, self._mode, **text)
        return self._file

    def __exit__(self, kind, *_):
        try:
            self._file.close()          # not before now it is certain that all of it was written
            if kind is None:
                os.replace(self._new, self._path)
        finally:
            if os.path.lexists(self._new):
                os.remove(self._new)
