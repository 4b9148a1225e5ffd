# packages: python3
python3 - << 'END'
import subprocess, os, signal, sys, time
print(subprocess.run(["echo", "hi"], capture_output=True, text=True).stdout.strip())
r = subprocess.run("echo out; echo err >&2; exit 5", shell=True, capture_output=True, text=True); print(r.returncode, r.stdout.strip(), r.stderr.strip())
p = subprocess.Popen(["sort"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True); print(p.communicate("c\na\nb\n")[0].split())
a = subprocess.Popen(["seq", "1000"], stdout=subprocess.PIPE); b = subprocess.Popen(["grep", "-c", "7"], stdin=a.stdout, stdout=subprocess.PIPE, text=True); a.stdout.close(); print(b.communicate()[0].strip(), a.wait())
try: subprocess.run(["sleep", "100"], timeout=0.3)
except subprocess.TimeoutExpired as e: print("timed out", 0 < e.timeout <= 0.3)
p = subprocess.Popen(["sleep", "100"]); p.terminate(); print(p.wait()); p = subprocess.Popen(["sleep", "100"], start_new_session=True); os.killpg(p.pid, signal.SIGKILL); print(p.wait())
try: subprocess.run(["/nonexistent"])
except FileNotFoundError as e: print(e)
try: subprocess.check_call(["false"])
except subprocess.CalledProcessError as e: print(e.returncode)
print(subprocess.check_output(["env"], env={"X": "1"}, text=True).strip(), subprocess.check_output(["pwd"], cwd="/usr", text=True).strip())
big = "x" * 1_000_000; print(len(subprocess.run(["cat"], input=big, capture_output=True, text=True).stdout))
r, w = os.pipe(); os.set_inheritable(w, True)
p = subprocess.Popen(["sh", "-c", f"echo through {w} >&{w}"], pass_fds=[w]); p.wait(); os.close(w); print(os.read(r, 100).decode().split()[0])
print(subprocess.run(["sh", "-c", "kill -9 $$"]).returncode, subprocess.getstatusoutput("exit 3"))
p = subprocess.Popen(["sh", "-c", "ulimit -n; id -u"], stdout=subprocess.PIPE, text=True, user=1000, group=1000, extra_groups=[]); print(p.communicate()[0].split()[1])
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 9"], os.environ); print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
ps = [subprocess.Popen(["sh", "-c", f"exit {i}"]) for i in range(20)]; print(sum(p.wait() for p in ps))
pid = os.fork()
if pid == 0: os.execvp("sh", ["sh", "-c", "exit 4"])
print(os.WEXITSTATUS(os.waitpid(pid, 0)[1])); import pty
out = bytearray()
def read(fd):
    d = os.read(fd, 1024); out.extend(d); return b""
pid, fd = pty.fork()
if pid == 0: os.execvp("sh", ["sh", "-c", "tty > /dev/null && echo on a terminal; stty size"])
try:
    while d := os.read(fd, 1024): out.extend(d)
except OSError: pass
os.waitpid(pid, 0); print(bytes(out))
END
