mkdir a b; echo inside > a/f; mount --bind a b; cat b/f; echo new > b/g; cat a/g; umount b
ls b | wc -l
