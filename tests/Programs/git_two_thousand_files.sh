# packages: git
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@x GIT_COMMITTER_NAME=C GIT_COMMITTER_EMAIL=c@x
export GIT_AUTHOR_DATE='2024-01-01T00:00:00Z' GIT_COMMITTER_DATE='2024-01-01T00:00:00Z'
git init -q -b main . && for d in $(seq 1 40); do mkdir dir$d; for f in {1..50}; do echo "content $d $f" > dir$d/file$f; done; done
git add . && git commit -q -m all && git ls-files | wc -l && git rev-parse HEAD^{tree}
for d in 3 17 29; do sed -i 's/content/changed/' dir$d/*; done; git diff --shortstat; git commit -q -a -m changed; git gc -q; git count-objects -v | grep -v size-; git fsck 2>&1; git status --porcelain | wc -l; git rev-parse HEAD
