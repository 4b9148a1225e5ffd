mkdir d; cd d; umask 022
touch plain; echo 12345 > five; mkdir sub; ln -s plain link; ln -s gone broken
mkfifo fifo; touch .hidden
chmod 4755 five; chmod 1777 sub; touch -d '2020-01-02 03:04:05' plain five sub fifo .hidden .
touch -h -d '2020-01-02 03:04:05' link broken
ls; ls -a; ls -A; ls -F; ls -1r; ls -d sub
ls -l --full-time -e 2>/dev/null | head -n 0
ls -ln five | awk '{ print $1, $2, $3, $4, $5, $NF }'; ls -ld sub | cut -c1-10
ls -l fifo link | cut -c1-10
ls -l link | sed 's/.*link/link/'; ls -i plain | awk '{ print ($1 > 0) }'; ls gone
echo $?; ls -S five plain; ls -R ..
