"""Write down the fingerprint of each rule pack, so that one altered later is refused by name.

Run it after changing a file in src/evenhand/decide/packs: python tools/fingerprints.py
"""

from evenhand.decide.pack_files import FINGERPRINTS, PACKS, written

if __name__ == "__main__":
    (PACKS / FINGERPRINTS).write_text(written())
