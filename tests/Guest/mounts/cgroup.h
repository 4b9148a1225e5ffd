// What the cases about control groups share.
#ifndef CGROUP_H
#define CGROUP_H

#include "mounts/mounts.h"

static char group[100];

UNUSED static int put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);
    if (fd == -1)
        return -1;
    ssize_t length = write(fd, text, strlen(text));
    int error = errno;
    close(fd);
    errno = error;
    return length == -1 ? -1 : 0;
}

UNUSED static const char *get(const char *path)
{
    static char text[4096];
    read_file(path, text, sizeof text);
    return text;
}

UNUSED static long number(const char *path) { return atol(get(path)); }

// The value of a line "key value".
UNUSED static long value(const char *path, const char *key)
{
    const char *text = get(path);
    for (const char *line = text; line != NULL; line = strchr(line, '\n'))
    {
        line += *line == '\n';
        size_t length = strlen(key);
        if (strncmp(line, key, length) == 0 && line[length] == ' ')
            return atol(line + length);
    }
    FAIL("%s: no %s", path, key);
}

UNUSED static void put_number(const char *path, long what)
{
    char text[30];
    snprintf(text, sizeof text, "%ld", what);
    OK(put(path, text));
}

UNUSED static const char *in(const char *file)
{
    static char path[8][300];
    static int turn;
    turn = (turn + 1) % 8;
    snprintf(path[turn], sizeof path[0], "%s/%s", group, file);
    return path[turn];
}

// The hierarchy, mounted at "base/h", with a group of this case's own that has both controllers.
UNUSED static void hierarchy(void)
{
    enter();
    OK(mkdir("h", 0755));
    OK(mount("none", "h", "cgroup2", 0, NULL));
    OK(put("h/cgroup.subtree_control", "+memory +pids"));
    snprintf(group, sizeof group, "h/case-%d", (int)getpid());
    OK(mkdir(group, 0755));
}

UNUSED static void finish(void)
{
    EVENTUALLY(rmdir(group) == 0);
    OK(umount("h"));
    leave();
}

#endif
