// Which system calls take what: a letter an argument, so that more than the first check of each is reached.
#ifndef CALLS_H
#define CALLS_H

#include <stddef.h>

// f  descriptor     p  path            b  buffer            n  length        a  pages to map over
// o  flags          i  small number    u  anything          0  zero          R  the caller's own id
// t  time           s  set of signals  8  size of that      g  signal        A  arguments of a program
// v  vector         w  futex word      x  attribute name    z  page offset   q  protection
// m  mapping flags  c  a request of ioctl, fcntl or prctl
// Descriptors, usually of one kind:
// D  directory      E  epoll           T  timer             Y  terminal      K  socket
// I  inotify        d  directory, or AT_FDCWD
// Of sockets:
// k  address        l  its length         h  struct msghdr     S  1, for AF_UNIX and SOL_SOCKET
struct call
{
    short number;
    const char *arguments;
};

static const struct call known_calls[] = {
    { 0, "fbn" }, { 1, "fbn" }, { 2, "poo" }, { 3, "f" }, { 4, "pb" }, { 5, "fb" }, { 6, "pb" },
    { 7, "bii" }, { 8, "fui" }, { 9, "anqmfz" }, { 10, "anq" }, { 11, "an" }, { 12, "u" }, { 13, "gbb8" },
    { 14, "iss8" }, { 16, "Ycb" }, { 17, "fbnu" }, { 18, "fbnu" }, { 19, "fvi" }, { 20, "fvi" },
    { 21, "pi" }, { 22, "b" }, { 23, "ibbbt" }, { 25, "annoa" }, { 26, "ani" }, { 27, "anb" },
    { 28, "ani" }, { 32, "f" }, { 33, "ff" }, { 35, "tb" }, { 36, "ib" }, { 37, "i" }, { 38, "ibb" },
    { 40, "ffbn" }, { 41, "Sii" }, { 42, "Kkl" }, { 43, "Kbb" }, { 44, "Kbnokl" }, { 45, "Kbnobb" },
    { 46, "Kho" }, { 47, "Kho" }, { 48, "Ki" }, { 49, "Kkl" }, { 50, "Ki" }, { 51, "Kbb" }, { 52, "Kbb" },
    { 53, "Siib" }, { 54, "KSibi" }, { 55, "KSibb" }, { 56, "oabbu" }, { 59, "pAA" }, { 61, "ubob" },
    { 62, "Rg" }, { 63, "b" }, { 72, "fcb" }, { 73, "fi" }, { 74, "f" }, { 75, "f" }, { 76, "pu" },
    { 77, "fu" }, { 78, "Dbn" }, { 79, "bn" }, { 80, "p" }, { 81, "D" }, { 82, "pp" }, { 83, "pi" },
    { 84, "p" }, { 85, "pi" }, { 86, "pp" }, { 87, "p" }, { 88, "pp" }, { 89, "pbn" }, { 90, "po" },
    { 91, "fo" }, { 92, "pii" }, { 93, "fii" }, { 94, "pii" }, { 95, "o" }, { 96, "bb" }, { 97, "ib" },
    { 98, "ib" }, { 99, "b" }, { 100, "b" }, { 101, "iRbb" }, { 105, "i" }, { 106, "i" }, { 109, "RR" },
    { 113, "ii" }, { 114, "ii" }, { 115, "ib" }, { 116, "ib" }, { 117, "iii" }, { 118, "bbb" },
    { 119, "iii" }, { 120, "bbb" }, { 121, "R" }, { 124, "R" }, { 125, "bb" }, { 126, "bb" },
    { 127, "s8" }, { 128, "sbt8" }, { 129, "Rgb" }, { 130, "s8" }, { 131, "bb" }, { 132, "pb" },
    { 133, "poi" }, { 135, "o" }, { 137, "pb" }, { 138, "fb" }, { 140, "iR" }, { 141, "0Ri" },
    { 142, "Rb" }, { 143, "Rb" }, { 144, "Rib" }, { 145, "R" }, { 146, "i" }, { 147, "i" }, { 148, "Rb" },
    { 149, "an" }, { 150, "an" }, { 151, "i" }, { 157, "cbbbb" }, { 158, "cb" }, { 160, "ib" },
    { 161, "p" }, { 186, "" }, { 187, "fun" }, { 188, "pxbno" }, { 189, "pxbno" }, { 190, "fxbno" },
    { 191, "pxbn" }, { 192, "pxbn" }, { 193, "fxbn" }, { 194, "pbn" }, { 195, "pbn" }, { 196, "fbn" },
    { 197, "px" }, { 198, "px" }, { 199, "fx" }, { 200, "Rg" }, { 201, "b" }, { 202, "wiitwi" },
    { 203, "Rnb" }, { 204, "Rnb" }, { 206, "ib" }, { 213, "i" }, { 216, "anioo" }, { 217, "Dbn" },
    { 218, "b" }, { 221, "funi" }, { 222, "ibb" }, { 223, "iobb" }, { 224, "ib" }, { 225, "i" },
    { 226, "i" }, { 228, "ib" }, { 229, "ib" }, { 230, "iitb" }, { 232, "Ebii" }, { 233, "Eifb" },
    { 234, "RRg" }, { 235, "pb" }, { 247, "iubob" }, { 251, "iRi" }, { 252, "iR" },
    { 254, "Ipo" }, { 255, "Ii" }, { 257, "dpoo" }, { 258, "dpo" }, { 259, "dpoi" }, { 260, "dpiio" },
    { 261, "dpb" }, { 262, "dpbo" }, { 263, "dpo" }, { 264, "dpdp" }, { 265, "dpdpo" }, { 266, "pdp" },
    { 267, "dpbn" }, { 268, "dpo" }, { 269, "dpi" }, { 270, "ibbbtb" }, { 271, "bits8" }, { 272, "o" },
    { 273, "bn" }, { 274, "Rbb" }, { 275, "fbfbno" }, { 276, "ffno" }, { 277, "funo" }, { 278, "fvio" },
    { 280, "dpbo" }, { 281, "Ebiis8" }, { 282, "fs8" }, { 283, "io" }, { 284, "i" }, { 285, "fiin" },
    { 286, "Tibb" }, { 287, "Tb" }, { 288, "Kbbo" }, { 289, "fs8o" }, { 290, "io" }, { 291, "o" },
    { 292, "ffo" }, { 293, "bo" }, { 294, "o" }, { 295, "fviu" }, { 296, "fviu" }, { 297, "RRgb" },
    { 299, "Khiot" }, { 302, "Ribb" }, { 303, "dpbbo" }, { 306, "f" }, { 307, "Khio" }, { 308, "fo" },
    { 309, "bbb" }, { 310, "Rvivi0" }, { 311, "Rvivi0" }, { 312, "RRiff" }, { 314, "Rbo" },
    { 315, "Rbio" }, { 316, "dpdpo" }, { 318, "bno" }, { 319, "po" }, { 322, "dpAAo" }, { 324, "ioi" },
    { 325, "ani" }, { 326, "fbfbno" }, { 327, "fviui" }, { 328, "fviui" }, { 329, "anqi" }, { 330, "oi" },
    { 332, "dpoob" }, { 333, "ibbbtb" }, { 334, "bnoi" }, { 434, "Ro" }, { 435, "bn" }, { 436, "iio" },
    { 437, "dpbn" }, { 438, "fio" }, { 439, "dpio" }, { 441, "Ebiits" }, { 449, "bioti" }, { 452, "dpoo" },
};

// Two that end the caller as they should, and four whose objects outlive it: shmget, semget, msgget, mq_open.
static const short never_called[] = { 29, 60, 64, 68, 231, 240 };

// What root may do to the machine; setns, since another namespace of mounts would be a way out.
static const short not_by_root[] = {
    103, 153, 155, 159, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 175, 176, 179, 227, 246, 248,
    249, 298, 300, 301, 305, 308, 313, 320, 321, 428, 429, 430, 431, 432, 433, 442, 443,
};

// What puts an end to the caller, or stops it.
static const short not_in_sequences[] = { 15, 62, 101, 129, 200, 234, 297, 317 };

#endif
