// SPDX-License-Identifier: MIT
// Opening a library that implements the C API. RTLD_LOCAL keeps the two apart although they export the same
// names.
#include "engines.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

// ISO C has no cast from void * to a function pointer; POSIX promises that the bytes are the same.
static int find_function(void *library, const char *name, void *out, size_t size)
{
    void *symbol = dlsym(library, name);
    if (symbol == NULL || size != sizeof symbol) {
        return -1;
    }
    memcpy(out, &symbol, sizeof symbol);
    return 0;
}

int engine_open(struct engine *engine, const char *name, const char *path)
{
    memset(engine, 0, sizeof *engine);
    engine->name = name;
    engine->path = path;
    engine->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (engine->library == NULL) {
        fprintf(stderr, "bench: cannot open %s: %s\n", path, dlerror());
        return -1;
    }
#define FIND(function)                                                                                       \
    if (find_function(engine->library, #function, &engine->function, sizeof engine->function) != 0) {        \
        fprintf(stderr, "bench: %s does not export %s\n", path, #function);                                  \
        engine_close(engine);                                                                                \
        return -1;                                                                                           \
    }
    ENGINE_FUNCTIONS(FIND)
#undef FIND
    return 0;
}

void engine_close(struct engine *engine)
{
    if (engine->library != NULL) {
        dlclose(engine->library);
        engine->library = NULL;
    }
}
