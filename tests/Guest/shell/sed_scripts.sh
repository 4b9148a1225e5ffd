seq 1 10 > f
sed -n 3,5p f; sed 2,9d f; sed 's/1/X/g' f | tail -n 1
sed -e '1s/^/first: /' -e '$s/$/ last/' f | sed -n '1p;$p'
sed -n '/3/,/5/{=;p}' f; sed '/^[2-9]$/d' f; echo abc | sed 's/\(a\)\(b\)/\2\1/'
echo a/b | sed 's|/|:|'
sed -i s/5/five/ f; sed -n 5p f; sed '1!G;h;$!d' f | head -n 2; echo hello | sed 'y/el/ip/'
printf 'a\nb\nc\n' | sed 'N;s/\n/+/'; echo aaa | sed 's/a/b/2'; sed 2q f
sed -E 's/([0-9])/<\1>/' f | head -n 1
