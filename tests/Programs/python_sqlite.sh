# packages: python3
python3 - << 'END'
import sqlite3, os, threading
db = sqlite3.connect("test.db"); print(db.execute("pragma journal_mode=wal").fetchone())
db.execute("create table t(id integer primary key, name text, value real)")
with db: db.executemany("insert into t(name, value) values(?, ?)", ((f"n{i}", i * 1.5) for i in range(5000)))
print(db.execute("select count(*), sum(value), max(name) from t").fetchone(), os.path.exists("test.db-wal"), os.path.exists("test.db-shm"))
try:
    with db: db.execute("delete from t"); raise RuntimeError
except RuntimeError: pass
print(db.execute("select count(*) from t").fetchone()); db.execute("create index i on t(value)"); print(db.execute("explain query plan select * from t where value = 3").fetchone()[3])
other = sqlite3.connect("test.db", timeout=0.2); db.execute("begin immediate")
try: other.execute("begin immediate")
except sqlite3.OperationalError as e: print(e)
print(other.execute("select count(*) from t").fetchone()); db.rollback()
def reader(out): c = sqlite3.connect("test.db"); out.append(c.execute("select total(value) from t").fetchone()[0]); c.close()
out = []; ts = [threading.Thread(target=reader, args=(out,)) for _ in range(4)]; [t.start() for t in ts]; [t.join() for t in ts]; print(len(out), set(out))
pid = os.fork()
if pid == 0:
    c = sqlite3.connect("test.db", timeout=30)
    with c: c.execute("update t set value = -1 where id <= 10")
    c.close(); os._exit(0)
os.waitpid(pid, 0); print(db.execute("select count(*) from t where value = -1").fetchone())
print(db.execute("pragma integrity_check").fetchone(), db.execute("pragma wal_checkpoint(truncate)").fetchone()[0]); db.execute("vacuum"); other.close(); db.close(); print(sorted(os.listdir(".")))
END
