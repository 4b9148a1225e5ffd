# packages: python3
cat > work.py << 'END'
import multiprocessing as mp, os, time
from multiprocessing import shared_memory
def square(n): return n * n
def child(conn): conn.send([os.getppid() > 0, conn.recv() + 1]); conn.close()
def add(value, lock, n):
    for _ in range(n):
        with lock: value.value += 1
def put(q, i): q.put(i * 10)
def fill(name):
    s = shared_memory.SharedMemory(name); s.buf[:4] = b"abcd"; s.close()
def fail(): raise SystemExit(7)
def waiter(event, out): event.wait(); out.put("released")
if __name__ == "__main__":
    for method in ("fork", "spawn"):
        ctx = mp.get_context(method)
        with ctx.Pool(3) as pool: print(method, pool.map(square, range(8)), pool.apply_async(square, (12,)).get(60))
        a, b = ctx.Pipe(); p = ctx.Process(target=child, args=(b,)); p.start(); a.send(41); print(a.recv()); p.join(); print(p.exitcode)
    ctx = mp.get_context("fork"); v, lock = ctx.Value("i", 0), ctx.Lock()
    ps = [ctx.Process(target=add, args=(v, lock, 500)) for _ in range(4)]; [p.start() for p in ps]; [p.join() for p in ps]; print(v.value)
    q = ctx.Queue(); ps = [ctx.Process(target=put, args=(q, i)) for i in range(5)]; [p.start() for p in ps]; print(sorted(q.get(timeout=60) for _ in ps)); [p.join() for p in ps]
    s = shared_memory.SharedMemory(create=True, size=4096); p = ctx.Process(target=fill, args=(s.name,)); p.start(); p.join(); print(bytes(s.buf[:4])); s.close(); s.unlink()
    p = ctx.Process(target=fail); p.start(); p.join(); print(p.exitcode); p = ctx.Process(target=time.sleep, args=(100,)); p.start(); p.terminate(); p.join(); print(p.exitcode)
    e, q = ctx.Event(), ctx.Queue(); p = ctx.Process(target=waiter, args=(e, q)); p.start(); e.set(); print(q.get(timeout=60)); p.join()
    with ctx.Manager() as m: d = m.dict(); d["k"] = 1; print(dict(d)) if False else print(d.copy())
END
python3 work.py
