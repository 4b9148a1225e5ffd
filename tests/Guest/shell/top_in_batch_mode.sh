top -b -n 1 > out; sed -n 1p out | sed 's/[0-9][0-9]*K/N/g; s/  */ /g'
sed -n 2p out | cut -d' ' -f1; sed -n 3p out | cut -d: -f1
sed -n 4p out | tr -s ' '; grep -c 'top -b' out | awk '{ print ($1 >= 1) }'
