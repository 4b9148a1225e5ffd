# packages: python3
python3 - << 'END'
import threading, queue, concurrent.futures, time
total = 0; lock = threading.Lock()
def work():
    global total
    for _ in range(5000):
        with lock: total += 1
threads = [threading.Thread(target=work) for _ in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]; print(total)
q = queue.Queue(maxsize=4); out = []
def producer():
    for i in range(200): q.put(i)
    q.put(None)
def consumer():
    while (item := q.get()) is not None: out.append(item * 2)
a, b = threading.Thread(target=producer), threading.Thread(target=consumer); a.start(); b.start(); a.join(); b.join(); print(sum(out))
with concurrent.futures.ThreadPoolExecutor(4) as pool: print(sum(pool.map(lambda n: n * n, range(500))))
cond = threading.Condition(); turn = 0; log = []
def player(me):
    global turn
    for _ in range(20):
        with cond:
            cond.wait_for(lambda: turn == me); log.append(me); turn = (me + 1) % 3; cond.notify_all()
ps = [threading.Thread(target=player, args=(i,)) for i in range(3)]; [p.start() for p in ps]; [p.join() for p in ps]
print("".join(map(str, log[:9])), len(log))
bar = threading.Barrier(5); sem = threading.Semaphore(2); most = now = 0
def through():
    global most, now
    bar.wait()
    with sem:
        with lock: now += 1; most = max(most, now)
        time.sleep(0.01)
        with lock: now -= 1
ts = [threading.Thread(target=through) for _ in range(5)]; [t.start() for t in ts]; [t.join() for t in ts]; print(most <= 2, bar.broken)
e = threading.Event(); print(e.wait(0.05)); threading.Timer(0.05, e.set).start(); print(e.wait(30))
local = threading.local(); local.x = 1
def see(): print(hasattr(local, "x"))
t = threading.Thread(target=see); t.start(); t.join(); print(threading.active_count())
deep = []; threading.stack_size(256 * 1024)
t = threading.Thread(target=lambda: deep.append(sum(range(1000)))); t.start(); t.join(); print(deep)
d = threading.Thread(target=time.sleep, args=(1000,), daemon=True); d.start(); print("daemon thread does not hold the end")
END
echo $?
