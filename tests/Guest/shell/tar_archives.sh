mkdir -p d/sub; echo one > d/one; echo two > d/sub/two; ln -s one d/link; ln d/one d/hard
chmod 750 d/sub; touch -d '2020-01-01' d/one
tar cf a.tar d; tar tf a.tar | sort; mkdir x; tar xf a.tar -C x
diff -r d x/d && echo same; stat -c '%a %h' x/d/sub x/d/one; readlink x/d/link
tar czf a.tgz d; tar tzf a.tgz | wc -l; tar xzOf a.tgz d/sub/two
tar cf - d | (mkdir y; cd y; tar xf -); cat y/d/sub/two
date -r x/d/one +%Y; tar xf missing.tar 2>/dev/null; echo $?; tar cf - d | tar tf - | wc -l
