// What the cases about mounts share.
#ifndef MOUNTS_H
#define MOUNTS_H

#include "check.h"

#include <sys/mount.h>

// A directory of its own on a mount of its own, private, which leave() takes away with all below it.
UNUSED static void enter(void)
{
    scratch();
    OK(mkdir("base", 0755));
    OK(mount("none", "base", "tmpfs", 0, NULL));
    OK(mount(NULL, "base", NULL, MS_PRIVATE, NULL));
    OK(chdir("base"));
}

UNUSED static void leave(void)
{
    OK(chdir(".."));
    OK(umount2("base", MNT_DETACH));
}

UNUSED static void tmpfs_at(const char *path)
{
    if (mkdir(path, 0755) == -1)
        CHECK_EQ(errno, EEXIST);
    OK(mount("none", path, "tmpfs", 0, NULL));
}

UNUSED static bool exists(const char *path)
{
    struct stat found;
    return lstat(path, &found) == 0;
}

// The line of mountinfo of what is mounted at a path below the working directory, or an empty text.
UNUSED static void mountinfo(const char *path, char *line, size_t size)
{
    char here[400];
    char whole[800];
    char point[800];
    line[0] = '\0';
    OK(getcwd(here, sizeof here) != NULL ? 0 : -1);
    snprintf(whole, sizeof whole, "%s%s%s", here, *path != '\0' ? "/" : "", path);
    FILE *table = fopen("/proc/self/mountinfo", "r");
    CHECK(table != NULL);
    char text[2000];
    while (fgets(text, sizeof text, table) != NULL)
    {
        if (sscanf(text, "%*d %*d %*s %*s %799s", point) == 1 && strcmp(point, whole) == 0)
            snprintf(line, size, "%s", text);
    }
    fclose(table);
}

// The number behind "shared:" or "master:" for a mount, or 0.
UNUSED static int peer(const char *path, const char *kind)
{
    char line[2000];
    mountinfo(path, line, sizeof line);
    char *end = strstr(line, " - ");
    CHECK(end != NULL);
    *end = '\0';
    char *found = strstr(line, kind);
    return found != NULL ? atoi(found + strlen(kind)) : 0;
}

UNUSED static int shared(const char *path)
{
    return peer(path, " shared:");
}

UNUSED static int master(const char *path)
{
    return peer(path, " master:");
}

UNUSED static bool has_option(const char *path, const char *option)
{
    char line[2000];
    mountinfo(path, line, sizeof line);
    char *at = line;
    for (int field = 0; field < 5 && at != NULL; field++)
        at = strchr(at + 1, ' ');
    CHECK(at != NULL);
    char options[300];
    CHECK_EQ(sscanf(at, " %299s", options), 1);
    for (char *one = strtok(options, ","); one != NULL; one = strtok(NULL, ","))
    {
        if (strcmp(one, option) == 0)
            return true;
    }
    return false;
}

UNUSED static int mount_count(void)
{
    int count = 0;
    FILE *table = fopen("/proc/self/mountinfo", "r");
    CHECK(table != NULL);
    for (int c = fgetc(table); c != EOF; c = fgetc(table))
        count += c == '\n';
    fclose(table);
    return count;
}

#endif
