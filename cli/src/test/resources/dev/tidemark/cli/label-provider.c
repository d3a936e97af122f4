/*
 * A provider of security labels that takes any label, for tests: PostgreSQL comes with none. It says itself what a
 * server's headers would (PG_MODULE_MAGIC, and the prototype of register_label_provider), as they stand in
 * src/include/fmgr.h and src/include/commands/seclabel.h, so that a C compiler is all that it needs.
 */
typedef struct {
#if VERSION >= 18
    int len, version, funcmaxargs, indexmaxkeys, namedatalen, float8byval;
    char abi_extra[32];
    const char *name, *module_version;
#elif VERSION >= 15
    int len, version, funcmaxargs, indexmaxkeys, namedatalen, float8byval;
    char abi_extra[32];
#else
    int len, version, funcmaxargs, indexmaxkeys, namedatalen, float8byval;
#endif
} magic;

const magic *Pg_magic_func(void) {
    static const magic data = {sizeof(magic), VERSION * 100, 100, 32, 64, 1,
#if VERSION >= 15
                               "PostgreSQL",
#endif
    };
    return &data;
}

extern void register_label_provider(const char *name, void (*check)(const void *object, const char *label));

static void take_any(const void *object, const char *label) {}

void _PG_init(void) {
    register_label_provider("any provider", take_any);
}
