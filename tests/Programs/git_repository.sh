# packages: git
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@x GIT_COMMITTER_NAME=C GIT_COMMITTER_EMAIL=c@x
export GIT_AUTHOR_DATE='2024-01-01T00:00:00Z' GIT_COMMITTER_DATE='2024-01-01T00:00:00Z'
git init -q -b main repo && cd repo
mkdir -p src docs; for i in $(seq 1 300); do echo "file $i" > src/$i.txt; done; echo '# readme' > docs/README.md; ln -s docs/README.md link
git add . && git commit -q -m 'first' && git log --oneline
git checkout -q -b topic; sed -i 's/file/FILE/' src/1*.txt; git mv src/300.txt src/renamed.txt; git rm -q src/299.txt; chmod +x src/2.txt
git status --short | cut -c 1-2 | sort | uniq -c; git diff --stat | tail -n 1; git commit -q -a -m 'second'; git diff --summary main topic
git checkout -q main; echo other > docs/other; git add docs; git commit -q -m third; git merge -q -m merged topic && git log --graph --oneline --decorate
git tag -a v1 -m 'version one'; git describe; git show --stat HEAD~1 | tail -n 2; git blame -s docs/other; git ls-files | wc -l
git gc -q --aggressive --prune=now && git count-objects -v | grep -v size; git fsck --full 2>&1; git rev-parse HEAD
git clone -q . ../clone && cd ../clone && git rev-parse HEAD && git log --format=%s | wc -l && echo change >> docs/README.md && git commit -q -a -m fourth && git push -q origin HEAD:refs/heads/pushed && git -C ../repo log -1 --format=%s pushed
git stash list | wc -l; echo wip >> link; git stash -q; git stash pop -q && git status --short; git reset -q --hard HEAD~2 && git log -1 --format=%s; git bundle create -q ../b main && git bundle verify -q ../b && echo bundle
git archive --format=tar HEAD | tar t | wc -l; git grep -c 'FILE 1' -- src | wc -l; git rebase -q origin/topic 2>&1 | tail -n 1; git log --oneline | wc -l; git worktree add -q ../tree v1 && ls ../tree | xargs; git cat-file -p HEAD^{tree} | cut -c 1-6 | sort | uniq -c
