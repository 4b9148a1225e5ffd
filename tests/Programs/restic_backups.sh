# packages: restic
export RESTIC_PASSWORD=secret RESTIC_REPOSITORY=$PWD/repo RESTIC_CACHE_DIR=$PWD/cache
mkdir -p data/sub; for i in $(seq 1 50); do seq 1 $((i * 50)) > data/sub/$i; done; ln -s sub/1 data/link
restic init -q && restic backup -q data && echo more >> data/sub/3 && rm data/sub/4 && restic backup -q data; restic snapshots -c | tail -n 1; restic check -q && echo checked
restic restore -q latest --target out && diff -r data out/data && echo restored; restic ls latest | wc -l; restic diff $(restic snapshots --json | grep -o '"short_id":"[0-9a-f]*"' | cut -d '"' -f 4) | grep -E '^(Files|[-+M]) ' | sed "s|$PWD||"; restic forget -q --keep-last 1 --prune; restic snapshots -c | tail -n 1; RESTIC_PASSWORD=wrong restic snapshots 2>&1 | head -n 1
