// The smallest program to start: rows of fork and exec run it, and rows of paths look it up.
int main(void)
{
    return 0;
}
