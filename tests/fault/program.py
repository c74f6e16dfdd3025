"""The program under test, with or without a fault, and the proxy that cuts its connection."""
import json
import os
import signal
import struct
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
HUNG = "hung"


class Result:
    def __init__(self, code, out, err, seconds):
        self.code, self.out, self.err, self.seconds = code, out, err, seconds
        self.hits = self.calls = 0

    def status(self):
        """The status in the JSON error, such as LOCK_TIMEOUT; "" where there is none."""
        for line in self.err.splitlines():
            if line.startswith('{"error"'):
                return json.loads(line)["error"]["status"]
        return ""


class Fault:
    """What the preloaded library is told. `calls` are its classes, `path` which files count."""

    def __init__(self, calls, at=0, action="", path="", on=False, clock_s=0):
        self.variables = {"WB_FAULT_CALLS": calls, "WB_FAULT_AT": str(at)}
        if action:
            self.variables["WB_FAULT_ACTION"] = action
        if path:
            self.variables["WB_FAULT_PATH"] = path
        if on:
            self.variables["WB_FAULT_ON"] = "1"
        if clock_s:
            self.variables["WB_FAULT_CLOCK_S"] = str(clock_s)


class Running:
    """The program at work."""

    def __init__(self, words, env, fault, library, as_user=None):
        self.files = [tempfile.TemporaryFile("w+") for _ in range(2)]
        self.counts = None
        env = dict(env)
        if fault is not None:
            handle, self.counts = tempfile.mkstemp(prefix="wb-fault-")
            os.close(handle)
            env.update(fault.variables, LD_PRELOAD=library, WB_FAULT_COUNT=self.counts)
        self.begin = time.monotonic()
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=self.files[0],
                                        stderr=self.files[1], env=env, cwd="/", user=as_user)

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)

    def says(self, text):
        """Has this been printed?"""
        with open(f"/proc/self/fd/{self.files[0].fileno()}", encoding="utf-8") as file:
            return text in file.read()

    def end(self):
        """For one that is not waited for."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def wait(self, timeout_s=120):
        try:
            code = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = HUNG
        texts = []
        for file in self.files:
            file.seek(0)
            texts.append(file.read())
            file.close()
        result = Result(code, *texts, time.monotonic() - self.begin)
        if self.counts:
            with open(self.counts, "rb") as file:
                bytes_ = file.read()
            if len(bytes_) == 16:
                result.calls, result.hits = struct.unpack("QQ", bytes_)
            os.unlink(self.counts)
            self.counts = None
        return result

    def wait_stopped(self, timeout_s=60):
        """Waits for SIGSTOP; false where the program ended instead."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            state = os.waitid(os.P_PID, self.process.pid,
                              os.WSTOPPED | os.WEXITED | os.WNOWAIT | os.WNOHANG)
            if state is not None:
                return state.si_code == os.CLD_STOPPED
            time.sleep(0.002)
        return False


class Program:
    def __init__(self, build):
        self.binary = os.path.join(build, "whimbrel")
        self.library = os.path.join(build, "fault", "fault_preload.so")
        self.proxy = os.path.join(build, "fault", "cut_proxy")
        self.env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "dumb",
                    "HOME": "/nonexistent"}

    def words(self, url, engine, arguments, chain=""):
        return [self.binary, "--url", url, "--migrations", os.path.join(HERE, "chains", engine + chain),
                "--json", *arguments]

    def start(self, url, engine, arguments, fault=None, chain="", as_user=None):
        return Running(self.words(url, engine, arguments, chain), self.env, fault, self.library,
                       as_user)

    def run(self, url, engine, arguments, fault=None, timeout_s=120, chain=""):
        return self.start(url, engine, arguments, fault, chain).wait(timeout_s)


class CutProxy:
    """cut_proxy in front of a server; with `with`, ended at the end."""

    def __init__(self, program, target, *options):
        self.process = subprocess.Popen([program.proxy, "--target", target, *map(str, options)],
                                        stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.links = []

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.end()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            rest, _ = self.process.communicate(timeout=10)
            self.links = [json.loads(line) for line in rest.splitlines()]
