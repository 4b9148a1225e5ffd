# packages: openssl
seq 1 50000 > data
for digest in sha256 sha512 sha3-256 blake2b512 md5; do openssl dgst -$digest -r data | cut -c 1-24; done
openssl enc -aes-256-ctr -pbkdf2 -iter 1000 -pass pass:secret -in data -out sealed && openssl enc -d -aes-256-ctr -pbkdf2 -iter 1000 -pass pass:secret -in sealed | cmp - data && echo same
openssl genpkey -quiet -algorithm ed25519 -out key && openssl pkey -in key -pubout -out public && openssl pkeyutl -sign -inkey key -rawin -in data -out signature && openssl pkeyutl -verify -pubin -inkey public -rawin -in data -sigfile signature
openssl ecparam -name prime256v1 -genkey -noout -out ec && openssl req -x509 -new -key ec -subj /CN=cashew -days 30 -out cert && openssl x509 -in cert -noout -subject && openssl verify -CAfile cert cert
openssl rand -hex 16 | wc -c; openssl prime 1000003 | cut -d ' ' -f 3-; echo -n hello | openssl base64; openssl version | cut -d ' ' -f 1
