/* The public header compiles alone, as C and as C++ (CMake compiles this file as both). */
#include <whimbrel/whimbrel.h>

int main(void)
{
    wb_error err;
    (void) err;
    return 0;
}
