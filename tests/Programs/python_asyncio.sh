# packages: python3
python3 - << 'END'
import asyncio, signal, os, socket, threading
async def work(n): await asyncio.sleep(0.01 * (5 - n)); return n * n
async def producer(q):
    for i in range(20): await q.put(i); await asyncio.sleep(0)
    await q.put(None)
async def main():
    print(await asyncio.gather(*(work(n) for n in range(5))))
    q = asyncio.Queue(3); task = asyncio.create_task(producer(q)); got = []
    while (x := await q.get()) is not None: got.append(x)
    await task; print(sum(got))
    try: await asyncio.wait_for(asyncio.sleep(100), 0.1)
    except asyncio.TimeoutError: print("timeout")
    lock = asyncio.Lock(); order = []
    async def hold(n):
        async with lock: order.append(n); await asyncio.sleep(0)
    await asyncio.gather(*(hold(n) for n in range(4))); print(order)
    p = await asyncio.create_subprocess_exec("sh", "-c", "read x; echo got $x; exit 3", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    print(await p.communicate(b"input\n"), p.returncode)
    ps = await asyncio.gather(*(asyncio.create_subprocess_shell(f"exit {i}") for i in range(6))); print([await p.wait() for p in ps])
    loop = asyncio.get_running_loop(); fut = loop.create_future(); loop.add_signal_handler(signal.SIGUSR1, lambda: fut.set_result("signal")); os.kill(os.getpid(), signal.SIGUSR1); print(await fut)
    print(await asyncio.to_thread(threading.active_count) >= 2, await loop.run_in_executor(None, sum, range(1000)))
    fut = loop.create_future(); threading.Timer(0.05, lambda: loop.call_soon_threadsafe(fut.set_result, "thread")).start(); print(await fut)
    async def serve(reader, writer):
        while line := await reader.readline(): writer.write(line.upper()); await writer.drain()
        writer.close()
    server = await asyncio.start_unix_server(serve, "sock")
    async def client(n):
        r, w = await asyncio.open_unix_connection("sock"); w.write(b"line %d\n" % n); line = await r.readline(); w.close(); await w.wait_closed(); return line
    print(await asyncio.gather(*(client(n) for n in range(10)))); server.close(); await server.wait_closed()
    a, b = socket.socketpair(); r, w = await asyncio.open_connection(sock=a); b.sendall(b"x" * 100000 if False else b"hello\n"); print(await r.readline()); w.close(); b.close()
    async with asyncio.timeout(5):
        async with asyncio.TaskGroup() as g: ts = [g.create_task(work(n)) for n in range(3)]
    print([t.result() for t in ts]); t = asyncio.create_task(asyncio.sleep(100)); await asyncio.sleep(0); t.cancel()
    try: await t
    except asyncio.CancelledError: print("cancelled")
asyncio.run(main())
END
