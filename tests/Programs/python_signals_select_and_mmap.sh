# packages: python3
python3 - << 'END'
import signal, os, select, mmap, time, ctypes, resource, errno, fcntl, selectors, tempfile, shutil
got = []
signal.signal(signal.SIGUSR1, lambda n, f: got.append(signal.Signals(n).name)); os.kill(os.getpid(), signal.SIGUSR1); print(got)
signal.setitimer(signal.ITIMER_REAL, 0.05); signal.signal(signal.SIGALRM, lambda n, f: got.append("alarm")); signal.pause(); print(got)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2]); os.kill(os.getpid(), signal.SIGUSR2); print([s.name for s in signal.sigpending()], signal.sigwait([signal.SIGUSR2]).name)
print(signal.sigtimedwait([signal.SIGUSR2], 0.05)); r, w = os.pipe(); signal.set_wakeup_fd(w) if os.set_blocking(w, False) is None else 0
os.kill(os.getpid(), signal.SIGUSR1); print(os.read(r, 10)); signal.set_wakeup_fd(-1)
r, w = os.pipe(); print(select.select([r], [w], [], 0)[1] == [w]); os.write(w, b"x"); print(select.select([r], [], [], 0)[0] == [r])
ep = select.epoll(); ep.register(r, select.EPOLLIN | select.EPOLLET); print(ep.poll(0) == [(r, select.EPOLLIN)], ep.poll(0.02)); os.write(w, b"y"); print(len(ep.poll(1)))
po = select.poll(); po.register(r); os.close(w); print([(e & (select.POLLIN | select.POLLHUP)) for _, e in po.poll(10)])
sel = selectors.DefaultSelector(); r2, w2 = os.pipe(); sel.register(r2, selectors.EVENT_READ, "data"); os.write(w2, b"z"); print([k.data for k, _ in sel.select(5)])
m = mmap.mmap(-1, 8192); m[0:5] = b"hello"; pid = os.fork()
if pid == 0: m[0:5] = b"world"; os._exit(0)
os.waitpid(pid, 0); print(m[0:5], m.find(b"ld")); f = open("file", "wb+"); f.write(b"0123456789" * 1000); f.flush()
fm = mmap.mmap(f.fileno(), 0); fm[10:13] = b"abc"; fm.flush(); f.seek(8); print(f.read(8), len(fm)); fm.resize(20000); print(os.path.getsize("file")); ro = mmap.mmap(f.fileno(), 100, access=mmap.ACCESS_READ)
try: ro[0] = 1
except TypeError as e: print(e)
libc = ctypes.CDLL("libc.so.6", use_errno=True); print(libc.abs(-5), ctypes.string_at(libc.strerror(2)) if libc.strerror.__setattr__("restype", ctypes.c_void_p) is None else 0)
libc.close(999); print(errno.errorcode[ctypes.get_errno()]); CB = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
arr = (ctypes.c_int * 5)(5, 2, 9, 1, 7); libc.qsort(arr, 5, 4, CB(lambda a, b: a[0] - b[0])); print(list(arr)); print(ctypes.CDLL("libm.so.6").floor.argtypes)
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE); resource.setrlimit(resource.RLIMIT_NOFILE, (16, hard)); fds = []
try:
    while True: fds.append(os.dup(0))
except OSError as e: print(errno.errorcode[e.errno])
[os.close(x) for x in fds]; print(fcntl.fcntl(r2, fcntl.F_GETFD), os.get_inheritable(r2), os.sysconf("SC_PAGE_SIZE"), os.cpu_count() >= 1, os.getpriority(os.PRIO_PROCESS, 0))
print(time.clock_gettime(time.CLOCK_MONOTONIC) > 0, os.getloadavg()[0] >= 0, len(os.urandom(16)), os.uname().sysname, os.sched_getaffinity(0) != set())
fd = os.memfd_create("x") if False else os.open("file", os.O_RDONLY); print(os.pread(fd, 3, 10), os.fstat(fd).st_size, os.sendfile(os.open("copy", os.O_WRONLY | os.O_CREAT), fd, 0, 100)); os.symlink("file", "l"); print(os.readlink("l"), sorted(e.name for e in os.scandir(".")))
print(os.statvfs("/").f_bsize, shutil.disk_usage("/").total > 0)
END
