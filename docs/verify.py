#!/usr/bin/env python3
"""Verifies a Tidemark archive, or a bundle of evidence, with nothing but Python's standard library and docs/format.md.

    verify.py DIRECTORY [--public-key FILE.pub]... [--signed-from NUMBER] [--anchor FILE]...
    verify.py [BUNDLE] [--archive DIRECTORY] [--public-key FILE.pub]... [--signed-from NUMBER] [--anchor FILE]...

It shares no code with Tidemark, so that a defect there does not hide itself. It checks the chain of manifests (in packs or
not), their signatures, checkpoints, anchors, and size and SHA-256 of every file; it does not look into the files. Of an encrypted
archive it sees whether the wrapped data keys are there, and of their form; whether they open the files is told with the key alone.
Exit codes, as those of 'tidemark verify': 0 good, 2 usage (also an anchor or a public key that cannot be read), 3 no archive or a newer
one, 4 the archive cannot be read, 5 unsigned, 6 missing, 7 altered, 8 diverged. An archive that is not there is missing (6) when a public
key or an anchor says that there was one, and else refused (3).

A bundle is what 'tidemark evidence' wrote, unpacked; without a directory it is the one that this script lies in. Of a bundle it checks
SHA256SUMS, the chain of the manifests that it brings along, their signatures, and that they name the files which the answer was
read from; with --archive also that these files are in the archive as they are named.
"""

import argparse
import base64
import gzip
import hashlib
import json
import os
import re
import sys
import zlib

FORMAT = 1
FEATURES = set()  # that this script knows, of those that a text may need
KINDS = {
    *("BASE", "SEGMENT", "TABLE_BASE", "TABLE_BASE_BEGUN", "FOLDED_BASE", "FOLDED_BASE_BEGUN"),
    *("FOLDED_BASE_SO_FAR", "MARK", "MERGED_SEGMENT", "MERGED_SEGMENT_BEGUN", "HOLD", "EXPIRY"),
}
PACK = 1000
# The worst comes last; of several the worst is the verdict.
VERDICTS = {"GOOD": 0, "UNSIGNED": 5, "UNTRUSTED": 5, "MISSING": 6, "ALTERED": 7, "DIVERGED": 8}

# --- Ed25519, RFC 8032 section 6 and 5.1 -------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(p, q):
    """Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = point_add(result, point)
        point = point_add(point, point)
        scalar >>= 1
    return result


def point_equal(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P != 0:
        return None
    return P - x if x & 1 != sign else x


def point_decompress(encoded):
    y = int.from_bytes(encoded, "little")
    sign = y >> 255
    y &= (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(public, text, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a = point_decompress(public)
    r = point_decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + text).digest()
    h = int.from_bytes(digest, "little") % ORDER
    return point_equal(point_multiply(s, BASE), point_add(r, point_multiply(h, a)))


# --- What the archive consists of ----------------------------------------------------------------------------------------


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def public_key(file):
    """The 32 bytes of a key: they end its SubjectPublicKeyInfo (RFC 8410)."""
    try:
        block = re.search(
            "-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", content_of(file, "public key"), re.DOTALL
        )
        encoded = base64.b64decode("".join(block.group(1).split())) if block else b""
    except ValueError:
        encoded = b""
    if len(encoded) != 44 or encoded[:12] != bytes.fromhex("302a300506032b6570032100"):
        end(2, f"the file {file} holds no public key for Ed25519")
    return encoded[-32:]


def anchor(file):
    """What 'tidemark anchor' wrote."""
    try:
        read = json.loads(content_of(file, "anchor"))
        hashes = [read["archive"], read["manifest"]]
        if read["format"] == 1 and is_number(read["number"]) and all(re.fullmatch("[0-9a-f]{64}", one) for one in hashes):
            return read
    except (ValueError, KeyError, TypeError):
        pass
    return end(2, f"the file {file} holds no anchor; 'tidemark anchor' writes one")


def is_number(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def content_of(file, what):
    try:
        with open(file, encoding="utf-8") as text:
            return text.read()
    except OSError as error:
        return end(2, f"cannot read the {what} {file}: {error.strerror}")


def end(code, message):
    print("error: " + message, file=sys.stderr)
    sys.exit(code)


def manifest_name(number):
    return f"manifests/{number:020d}.json"


def refuse(why):
    end(3, f"a newer Tidemark wrote this archive: {why}; take its version of this script")


def too_new(text):
    """Why this script cannot go on from a manifest, or tidemark.json; None if it can. A format that never was is an error."""
    if not is_number(text["format"]) or text["format"] < 1:
        raise ValueError("no archive format")
    if text["format"] > FORMAT:
        return f"has format {text['format']}"
    for feature in (text.get("needs") or {}).get("read") or []:
        if feature not in FEATURES:
            return f"needs '{feature}'"
    if text.get("kind", "BASE") not in KINDS:
        return f"is a {text['kind']}"
    return None


def is_wrapped(keyset):
    """Is it Tink's EncryptedKeyset, a protocol buffer: with a field 2 of bytes that a nonce and a tag leave room in?"""
    at, wrapped = 0, b""
    try:
        while at < len(keyset):
            tag, at = varint(keyset, at)
            size, at = varint(keyset, at)
            if tag & 7 != 2 or at + size > len(keyset):
                return False
            if tag >> 3 == 2:
                wrapped = keyset[at : at + size]
            at += size
    except IndexError:
        return False
    return len(wrapped) > 28


def varint(content, at):
    value, shift = 0, 0
    while True:
        byte, at = content[at], at + 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def plain(value):
    """Without fields that are null or an empty list: that they are missing means the same."""
    if isinstance(value, dict):
        fields = {name: plain(one) for name, one in value.items()}
        return {name: one for name, one in fields.items() if one is not None and one != []}
    return [plain(one) for one in value] if isinstance(value, list) else value


class Verification:
    def __init__(self, directory, keys, signed_from, anchors):
        self.directory = directory
        self.keys = {sha256(key)[:16]: key for key in keys}
        self.signed_from = signed_from
        self.anchors = anchors
        self.findings = []
        self.signed = self.files = self.bytes = 0
        self.last, self.hash = -1, ""
        self.in_force = []  # as a checkpoint's `manifests`
        self.replaced = []  # as a checkpoint's `replaced`
        self.emptied = []  # as a checkpoint's `emptied`
        self.is_whole = True  # can the state be relied on?
        self.newer = []  # what only a newer version understands

    def found(self, verdict, message):
        self.findings.append((verdict, message))

    def broken(self, verdict, message):
        self.is_whole = False
        self.found(verdict, message)

    def read(self, name):
        try:
            with open(os.path.join(self.directory, name), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def list(self, folder):
        path = os.path.join(self.directory, folder)
        return sorted(os.listdir(path)) if os.path.isdir(path) else []

    def numbers(self, folder, ending):
        """Of the files in a folder, which are named by number."""
        numbers = []
        for name in self.list(folder):
            if name.startswith("."):
                continue  # the store's own
            if re.fullmatch(r"00\d{18}" + re.escape(ending), name):
                numbers.append(int(name[:20]))
            else:
                self.found("ALTERED", f"the archive has a file {folder}/{name}")
        return numbers

    def run(self):
        self.check_identity()
        checkpoints = self.numbers("checkpoints", ".json")
        manifests = self.manifests()
        hashes = {}
        for number in sorted(manifests):
            self.check_manifest(number, manifests[number])
            hashes[number] = self.hash
            if number in checkpoints:
                self.check_checkpoint(number)
        for number in checkpoints:
            if number > self.last:
                self.broken("MISSING", f"the archive ends with manifest {self.last}, and a checkpoint has {number}")
        if self.keys and self.archive and self.last < 0:
            self.found("MISSING", "the archive holds no manifest")
        self.check_keys()
        for anchor in self.anchors:
            self.check_anchor(anchor, hashes)
        if self.newer and not self.findings:  # else who altered the archive may have said so
            refuse(self.newer[0])
        for why in self.newer:
            self.broken("ALTERED", why)
        self.check_files()

    def check_identity(self):
        if not os.path.isdir(self.directory):  # it may be on a disk that is not mounted
            end(4, f"the directory {self.directory} does not exist")
        identity = self.read("tidemark.json")
        self.archive, self.encryption = "", None
        if identity is None:
            if not (self.keys or self.anchors or self.list("manifests") or self.list("packs")):
                end(3, "there is no archive in " + self.directory)
            self.found("MISSING", "the archive lacks tidemark.json")
            return
        self.archive = sha256(identity)
        try:
            text = json.loads(identity)
            why = too_new(text)
            if why:
                self.newer.append("tidemark.json " + why)
                self.is_whole = False
            self.encryption = text.get("encryption")
            if self.encryption not in (None, "tink-streaming-aead"):
                self.newer.append(f"tidemark.json says that it is encrypted as '{self.encryption}'")
        except (ValueError, KeyError, TypeError, AttributeError):
            self.found("ALTERED", "tidemark.json is none of an archive")

    # --- Wrapped data keys ---

    def check_keys(self):
        """Nothing in the chain says what has to be in them."""
        names = [name for name in self.list("keys") if not name.startswith(".")]
        if self.encryption != "tink-streaming-aead":
            return
        if not names and self.last >= 0:
            self.found("MISSING", "the archive is encrypted, and holds no keys: no file in it can be read")
        for name in names:
            self.check_key(name)

    def check_key(self, name):
        try:
            key = json.loads(self.read(f"keys/{name}"))
            if is_number(key["format"]) and key["format"] > 1:
                self.newer.append(f"keys/{name} has format {key['format']}")
                return
            is_one = (
                key["format"] == 1
                and is_number(key["number"])
                and name == f"{key['number']:020d}.json"
                and re.fullmatch("[0-9a-f]{12}", key["kek"])
                and isinstance(key["created"], str)
                and is_wrapped(base64.b64decode(key["keyset"], validate=True))
            )
        except (ValueError, KeyError, TypeError):
            is_one = False
        if not is_one:
            self.found("ALTERED", f"keys/{name} holds no wrapped data keys")

    def manifests(self):
        """The bytes of all manifests by number."""
        manifests = {}
        for end in self.numbers("packs", ".json.gz"):
            try:
                lines = gzip.decompress(self.read(f"packs/{end:020d}.json.gz")).split(b"\n")
                if len(lines) != PACK + 1 or lines.pop() != b"" or end % PACK != PACK - 1:
                    raise ValueError
                manifests.update(zip(range(end - PACK + 1, end + 1), lines))
            except (OSError, EOFError, ValueError, zlib.error):
                self.broken("ALTERED", f"the pack {end:020d} is damaged")
        for number in self.numbers("manifests", ".json"):
            single = self.read(manifest_name(number))
            if manifests.setdefault(number, single) != single:
                self.broken("ALTERED", f"{manifest_name(number)} is another one in its pack")
        return manifests

    # --- Chain and signatures ---

    def check_manifest(self, number, stored):
        is_after_hole = number != self.last + 1
        if is_after_hole:
            self.broken("MISSING", f"the manifests {self.last + 1} to {number - 1} are missing")
        before, self.hash, self.last = self.hash, sha256(stored), number
        try:
            manifest = json.loads(stored)
            if manifest["number"] != number:
                self.broken("ALTERED", f"{manifest_name(number)} says that it is number {manifest['number']}")
            elif too_new(manifest):
                self.newer.append(f"{manifest_name(number)} {too_new(manifest)}")
                self.is_whole = False
            elif not is_after_hole and manifest["previous"] != before:
                self.broken("ALTERED", f"{manifest_name(number)} does not follow from the one before it")
            if self.keys and self.archive:  # which is a part of what is signed
                self.check_signature(number, manifest, stored)
            if manifest["number"] == number and not too_new(manifest):
                for file in [*manifest["files"], manifest["catalog"]]:
                    if not isinstance(file["bytes"], int) or not isinstance(file["name"] + file["sha256"], str):
                        raise ValueError
                self.follow(manifest)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.broken("ALTERED", f"{manifest_name(number)} is no manifest")

    def check_signature(self, number, manifest, stored):
        if "signature" not in manifest:
            if number >= self.signed_from:
                self.found("UNSIGNED", f"{manifest_name(number)} is not signed")
            return
        key = self.keys.get(manifest.get("signer"))
        if key is None:
            self.found("UNTRUSTED", f"{manifest_name(number)} is signed with the key {manifest.get('signer')}")
            return
        # What is signed are the stored bytes, without the one field that holds the signature.
        unsigned, fields = re.subn(rb'"signature":"[A-Za-z0-9+/]{86}==",', b"", stored)
        text = b"tidemark manifest 1\n" + self.archive.encode() + b"\n" + unsigned
        if fields == 1 and is_signed(key, text, base64.b64decode(manifest["signature"])):
            self.signed += 1
        else:
            self.found("ALTERED", f"{manifest_name(number)} or tidemark.json was altered after being signed")

    # --- The state, by what docs/format.md says of checkpoints and merged segments ---

    def follow(self, manifest):
        kind = manifest["kind"]
        if kind == "MERGED_SEGMENT":
            ranges = manifest["merged"]["replaces"]
            gone = [
                one
                for one in self.in_force
                if one["kind"].endswith("SEGMENT") and any(r["first"] <= one["number"] <= r["last"] for r in ranges)
            ]
            if gone:
                self.in_force[self.in_force.index(gone[0])] = manifest
                self.in_force = [one for one in self.in_force if one not in gone]
                self.replaced.append(self.replaced_by(manifest, gone))
                return
        if kind == "EXPIRY":
            self.expire(manifest)
        if kind in ("FOLDED_BASE_BEGUN", "FOLDED_BASE_SO_FAR", "FOLDED_BASE", "BASE"):
            self.in_force = [
                one
                for one in self.in_force
                if one["kind"] != "FOLDED_BASE_SO_FAR"
                or (kind == "FOLDED_BASE_BEGUN" and one["span"]["to"] == manifest["span"]["to"])
            ]
        self.in_force.append(manifest)
        if kind == "MERGED_SEGMENT_BEGUN":
            collected = manifest["merged"]["collected"]
            self.replaced = [one for one in self.replaced if one["by"] > collected]
            for old in [one for one in self.in_force if one["kind"] == kind][:-2]:
                self.in_force.remove(old)

    def expire(self, manifest):
        said = manifest["expiry"]
        self.replaced = [one for one in self.replaced if one["by"] > said["collected"]]
        gone = []
        for one in list(self.in_force):
            number = one["number"]
            if number in self.emptied or not any(r["first"] <= number <= r["last"] for r in said["expires"]):
                continue
            gone.append(one)
            if one["kind"] == "BASE":
                self.emptied.append(number)
            else:
                self.in_force.remove(one)
        if gone:
            self.replaced.append(self.replaced_by(manifest, gone))
        for origin in [one for one in self.in_force if one["number"] in self.emptied]:
            if not self.is_needed(origin):
                self.in_force.remove(origin)
                self.emptied.remove(origin["number"])
        by = {one["by"] for one in self.replaced}
        self.in_force = [one for one in self.in_force if one["kind"] != "EXPIRY" or one["number"] in by]

    @staticmethod
    def replaced_by(manifest, gone):
        files = [file["name"] for one in gone for file in one["files"] + [one["catalog"]]]
        return {"by": manifest["number"], "files": files, "written": manifest["written"]}

    def is_needed(self, origin):
        """Does anything follow from a base whose rows expired?"""
        for one in self.in_force[self.in_force.index(origin) + 1 :]:
            if one["kind"] == "BASE":
                return False
            if one["kind"] in ("SEGMENT", "MERGED_SEGMENT", "FOLDED_BASE"):
                return True
        return False

    def check_checkpoint(self, number):
        name = f"checkpoints/{number:020d}.json"
        try:
            state = json.loads(self.read(name))["state"]
            replaced = state.get("replaced") or []
            if any("written" not in one for one in replaced):  # of a version before the first release
                replaced = self.replaced
            said = [state["last"], state["hash"], state["manifests"], replaced, state.get("emptied") or []]
        except (ValueError, KeyError, TypeError):
            said = None
        if self.is_whole and plain(said) != plain([number, self.hash, self.in_force, self.replaced, self.emptied]):
            self.found("ALTERED", f"{name} is not what the manifests say")

    # --- Anchors ---

    def check_anchor(self, anchor, hashes):
        number = anchor["number"]
        if not self.archive and self.last < 0:
            return  # nothing is there: it is missing, and not another one
        if self.archive and anchor["archive"] != self.archive:
            self.found("DIVERGED", "the archive is another one than the anchor knows: its tidemark.json differs")
        if number > self.last:
            self.found("DIVERGED", f"the archive ends with manifest {self.last}, and the anchor knows {number}")
        elif number in hashes and hashes[number] != anchor["manifest"]:
            self.found("DIVERGED", f"{manifest_name(number)} is not the one that the anchor knows")

    # --- Files ---

    def check_files(self):
        for name, file in sorted(self.named().items()):
            path = os.path.join(self.directory, name)
            if not re.fullmatch(r"data(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+", name):
                self.found("ALTERED", f"a manifest names '{name}', which is no file of an archive")
                continue
            if not os.path.isfile(path):
                doubt = "" if self.is_whole else ", unless a manifest that cannot be read replaced it"
                self.found("MISSING", f"{name} is missing{doubt}")
                continue
            self.files += 1
            size, digest = 0, hashlib.sha256()
            with open(path, "rb") as content:
                while chunk := content.read(1 << 20):
                    size += len(chunk)
                    digest.update(chunk)
            self.bytes += size
            if size != file["bytes"] or digest.hexdigest() != file["sha256"]:
                self.found("ALTERED", name + " was altered")

    def named(self):
        """What manifests in force name: their files, and for their ends the catalogs there."""
        named = {}
        for manifest in self.in_force:
            if manifest["number"] in self.emptied:
                continue
            files = list(manifest["files"])
            if manifest["kind"] in ("BASE", "SEGMENT"):
                files.append(manifest["catalog"])
            named.update((file["name"], file) for file in files)
        return named

    # --- Report ---

    def report(self):
        for _, message in self.findings:
            print(message)
        verdict = max((verdict for verdict, _ in self.findings), key=list(VERDICTS).index, default="GOOD")
        if not self.is_whole:
            print("which files are in force is not certain: manifests that cannot be read may have replaced some")
        print(
            f"{verdict}: level hashes: {self.last + 1} manifests in the chain, {self.signed} of them signed by these keys;"
            f" {self.files} files of those in force, {self.bytes} bytes"
        )
        if not self.keys:
            print("signatures: not checkable without --public-key")
        if self.encryption:
            print("keys: not checked, no key is held: this script only sees whether they are there, and of their form")
        if not self.anchors:
            print("roll back: not checkable without an anchor: an older state of the archive looks the same")
        return VERDICTS[verdict]


# --- A bundle of evidence ------------------------------------------------------------------------------------------------

SUMS = "SHA256SUMS"
QUESTION = "question.json"
# What a bundle holds beside its sums.
BUNDLE = {
    "README.txt", "manifests.jsonl", QUESTION, "report.html", "rows.csv", "rows.parquet", "tidemark.json", "verify.py"
}
# What an archive holds, and no bundle.
ARCHIVE_FOLDERS = ("manifests", "packs", "data")


class BundleVerification(Verification):
    """The manifests of a bundle are all up to one, and there are no files of the archive."""

    def __init__(self, directory, keys, signed_from, anchors, archive):
        super().__init__(directory, keys, signed_from, anchors)
        self.beside = archive
        self.lines = []
        self.newer_anchors = 0
        self.listed = 0
        self.strays = []

    def run(self):
        self.check_sums()
        super().run()

    def check_sums(self):
        there = {name for name in self.list(".") if name != SUMS}
        sums = self.read(SUMS)
        if sums is None:
            self.found("MISSING", f"the bundle lacks {SUMS}")
            return
        listed = set()
        for line in sums.decode("utf-8", "replace").splitlines():
            parts = re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9._-]+)", line)
            if not parts:
                self.found("ALTERED", f"{SUMS} has a line that is none: {line!r}")
                continue
            content = self.read(parts.group(2))
            there.discard(parts.group(2))
            if content is None:
                self.found("MISSING", f"the bundle lacks {parts.group(2)}")
            elif sha256(content) != parts.group(1):
                self.found("ALTERED", f"{parts.group(2)} is not the one that {SUMS} has")
            else:
                self.files += 1
                self.bytes += len(content)
            listed.add(parts.group(2))
        for name in sorted(BUNDLE - listed):
            self.found("MISSING", f"{SUMS} does not list {name}")
        for name in sorted(there & BUNDLE):
            self.found("ALTERED", f"{name} is there, and {SUMS} does not list it")
        self.strays = sorted(there - BUNDLE)

    def check_identity(self):
        if self.read("tidemark.json") is None:
            self.archive, self.encryption = "", None
            self.found("MISSING", "the bundle lacks tidemark.json")
        else:
            super().check_identity()

    def check_keys(self):
        pass  # data keys are not in a bundle

    def numbers(self, folder, ending):
        return []  # nor are checkpoints and packs

    def manifests(self):
        self.lines = (self.read("manifests.jsonl") or b"").split(b"\n")
        if self.lines.pop() != b"":
            self.broken("ALTERED", "manifests.jsonl does not end with a line")
        if not self.lines:
            self.broken("MISSING", "the bundle holds no manifest")
        return dict(enumerate(self.lines))

    def check_anchor(self, anchor, hashes):
        if self.archive and anchor["archive"] == self.archive and anchor["number"] > self.last:
            self.newer_anchors += 1  # it knows more than the bundle, which contradicts nothing
        else:
            super().check_anchor(anchor, hashes)

    def check_files(self):
        try:
            provenance = json.loads(self.read(QUESTION) or b"")["provenance"]
            said = [provenance["archive"], provenance["last"], provenance["hash"]]
            files = [(file["name"], file["bytes"], file["sha256"], file["manifest"]) for file in provenance["files"]]
        except (ValueError, KeyError, TypeError):
            self.found("ALTERED", f"{QUESTION} is none of a bundle")
            return
        if said != [self.archive, self.last, self.hash]:
            self.found("ALTERED", f"{QUESTION} is of another archive, or of other manifests, than those in the bundle")
        for name, size, digest, number in files:
            self.listed += 1
            if not self.is_named(name, size, digest, number):
                self.found("ALTERED", f"{QUESTION} says that the answer is from {name}, which manifest {number} does not name so")
            elif self.beside:
                self.check_beside(name, size, digest)
        if self.beside:
            self.check_chain_beside()

    def is_named(self, name, size, digest, number):
        try:
            manifest = json.loads(self.lines[number])
            named = [*manifest["files"], manifest["catalog"]]
            return any([file["name"], file["bytes"], file["sha256"]] == [name, size, digest] for file in named)
        except (ValueError, KeyError, TypeError, IndexError):
            return False

    # --- The archive that it is of ---

    def check_beside(self, name, size, digest):
        path = os.path.join(self.beside, name)
        if not os.path.isfile(path):
            self.found("MISSING", f"{name} is not in {self.beside}: it may have been merged away or have expired since")
            return
        hashed, bytes_read = hashlib.sha256(), 0
        with open(path, "rb") as content:
            while chunk := content.read(1 << 20):
                bytes_read += len(chunk)
                hashed.update(chunk)
        if bytes_read != size or hashed.hexdigest() != digest:
            self.found("ALTERED", f"{name} in {self.beside} is not the file that the answer was read from")

    def check_chain_beside(self):
        """Is it the same archive: has it the bundle's newest manifest, which names all before it?"""
        whole = Verification(self.beside, [], 0, [])
        if not os.path.isdir(self.beside):
            end(4, f"the directory {self.beside} does not exist")
        if whole.read("tidemark.json") != self.read("tidemark.json"):
            self.found("DIVERGED", f"{self.beside} holds another archive: its tidemark.json differs")
        stored = whole.manifests().get(self.last)
        if stored is None or sha256(stored) != self.hash:
            self.found("DIVERGED", f"{self.beside} does not hold manifest {self.last} as the bundle does")

    def report(self):
        for _, message in self.findings:
            print(message)
        verdict = max((verdict for verdict, _ in self.findings), key=list(VERDICTS).index, default="GOOD")
        print(
            f"{verdict}: {self.files} files as {SUMS} has them, {self.last + 1} manifests in the chain, {self.signed} of them signed"
            f" by these keys; they name the {self.listed} files that the answer was read from"
        )
        if self.strays:
            print("no part of the bundle: " + ", ".join(self.strays))
        if not self.keys:
            print("signatures: not checkable without --public-key")
        if self.newer_anchors:
            print(f"anchors: {self.newer_anchors} are newer than the bundle, and say nothing of it")
        if not self.anchors:
            print("which archive: not checkable without an anchor: whoever has the signing key may have written another one")
        if not self.beside:
            print("files of the archive: not checkable without --archive")
        return VERDICTS[verdict]


def verification_of(given):
    anchors = [anchor(file) for file in given.anchor]
    keys = [public_key(file) for file in given.public_key]
    directory = given.directory or os.path.dirname(os.path.abspath(__file__))
    is_bundle = any(os.path.isfile(os.path.join(directory, name)) for name in (SUMS, QUESTION, "manifests.jsonl"))
    is_archive = any(os.path.isdir(os.path.join(directory, name)) for name in ARCHIVE_FOLDERS)
    if is_bundle and not is_archive:
        return BundleVerification(directory, keys, given.signed_from, anchors, given.archive)
    if not given.directory:
        end(2, "there is no directory to verify; this script lies in no bundle of evidence")
    if given.archive:
        end(2, f"--archive is for a bundle of evidence, and {given.directory} is none")
    return Verification(directory, keys, given.signed_from, anchors)


def main():
    parser = argparse.ArgumentParser(
        description="Verifies a Tidemark archive, or a bundle of evidence, with Python's standard library alone."
    )
    parser.add_argument("directory", nargs="?")
    parser.add_argument("--archive", metavar="DIRECTORY", help="the archive that a bundle is of")
    parser.add_argument("--public-key", metavar="FILE.pub", action="append", default=[])
    parser.add_argument("--signed-from", metavar="NUMBER", type=int, default=0)
    parser.add_argument("--anchor", metavar="FILE", action="append", default=[])
    given = parser.parse_args()
    verification = verification_of(given)
    try:
        verification.run()
    except OSError as error:
        end(4, f"cannot read {error.filename}: {error.strerror}")
    return verification.report()


if __name__ == "__main__":
    sys.exit(main())
