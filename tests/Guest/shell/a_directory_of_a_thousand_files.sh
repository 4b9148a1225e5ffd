mkdir d; cd d; seq -w 1 1000 | sed 's/^/file/' | xargs touch
ls | wc -l; ls -la | wc -l; ls | head -n 3; ls | tail -n 1; ls | md5sum
rm file0[0-4]*; ls | wc -l; cd ..; cp -a d e; ls e | wc -l; rm -rf d e; ls
