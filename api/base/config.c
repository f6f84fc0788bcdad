/* config.c: settings from defaults, a file and the environment, by the one table. Knows nothing of what they mean. */
#include "base/config.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 65536, NAME_BYTES_MAX = 64 };

enum kind { KIND_TEXT, KIND_NUMBER };

static const struct setting {
    enum kind kind;
    struct str name;
    const char *fallback;
    int least, most;
    const char *about;
    size_t offset; /* in struct config */
} settings[] = {
#define CONFIG_ROW(kind, name, fallback, least, most, about)                                                           \
    {KIND_##kind, STR_INIT(#name), fallback, least, most, about, offsetof(struct config, name)},
    CONFIG_LIST(CONFIG_ROW)
#undef CONFIG_ROW
};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

/* "CPWG_" and the name in capitals. */
static const char *environment_name(const struct setting *setting, char ret[NAME_BYTES_MAX])
{
    size_t n = (size_t)snprintf(ret, NAME_BYTES_MAX, "CPWG_%s", setting->name.p);

    for (size_t i = 0; i < n && i < NAME_BYTES_MAX; i++)
        if (ret[i] >= 'a' && ret[i] <= 'z')
            ret[i] = (char)(ret[i] - 'a' + 'A');
    return ret;
}

/* Refused values are not repeated: the connection string holds a password. */
static bool set(struct arena *a, struct config *config, const struct setting *setting, struct str text, struct error *err)
{
    void *at = (char *)config + setting->offset;
    int64_t number;

    if (setting->kind == KIND_NUMBER) {
        if (!str_to_i64(text, &number) || number < setting->least || number > setting->most)
            return error_set(err, ERR_STARTUP, "must be a whole number from %d to %d", setting->least, setting->most);
        *(int *)at = (int)number;
        return true;
    }
    if (text.n < (size_t)setting->least || text.n > (size_t)setting->most || str_find(text, '\0') < text.n)
        return error_set(err, ERR_STARTUP, "must be a text of %d to %d bytes", setting->least, setting->most);
    *(struct str *)at = arena_copy(a, text);
    return true;
}

static const struct setting *find(struct str name)
{
    for (size_t i = 0; i < SETTINGS; i++)
        if (str_eq(settings[i].name, name))
            return &settings[i];
    return NULL;
}

/* One line of the file, without its end. seen says which settings the file has named. */
static bool read_line(struct arena *a, struct str line, struct config *config, bool seen[SETTINGS], struct error *err)
{
    line = str_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return true;
    size_t equals = str_find(line, '=');
    if (equals == line.n)
        return error_set(err, ERR_STARTUP, "not \"name = value\"");
    struct str name = str_trim((struct str){line.p, equals});
    const struct setting *setting = find(name);
    if (!setting)
        return error_set(err, ERR_STARTUP, "no such setting; `cpwg help` lists them");
    if (seen[setting - settings])
        return error_set(err, ERR_STARTUP, "%s: is set twice", setting->name.p);
    seen[setting - settings] = true;
    return set(a, config, setting, str_trim(str_skip(line, equals + 1)), err) ||
           error_set(err, ERR_STARTUP, "%s: %s", setting->name.p, err->argument);
}

static bool read_file(struct arena *a, const char *file, struct config *config, struct error *err)
{
    bool seen[SETTINGS] = {false};
    struct str text, line;

    if (!file_read(a, file, FILE_BYTES_MAX, &text, NULL, err))
        return false;
    for (int number = 1; str_next(&text, '\n', &line); number++) {
        if (str_ends(line, STR("\r")))
            line.n--;
        if (!read_line(a, line, config, seen, err))
            return error_set(err, ERR_STARTUP, "%s:%d: %s", file, number, err->argument);
    }
    return true;
}

static bool read_environment(struct arena *a, struct config *config, struct error *err)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        char name[NAME_BYTES_MAX];
        struct str text = str_of(getenv(environment_name(&settings[i], name)));
        if (text.p && !set(a, config, &settings[i], text, err))
            return error_set(err, ERR_STARTUP, "%s: %s", name, err->argument);
    }
    return true;
}

bool config_load(struct arena *a, const char *file, struct config *ret, struct error *err)
{
    struct config config;

    for (size_t i = 0; i < SETTINGS; i++)
        if (!set(a, &config, &settings[i], str_of(settings[i].fallback), err))
            return false;
    if ((file && !read_file(a, file, &config, err)) || !read_environment(a, &config, err))
        return false;
    if (!str_eq(config.language, STR("es")) && !str_eq(config.language, STR("en")))
        return error_set(err, ERR_STARTUP, "language: must be es or en");
    *ret = config;
    return true;
}

/* "4 to 2048" for numbers, "" for texts. */
static const char *range(const struct setting *setting, char *room, size_t room_bytes)
{
    int n = setting->kind == KIND_NUMBER ? snprintf(room, room_bytes, "%d to %d", setting->least, setting->most) : 0;
    room[n] = '\0';
    return room;
}

void config_help(void *file_stream)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        char name[NAME_BYTES_MAX], bounds[32];
        range(&settings[i], bounds, sizeof bounds);
        fprintf(file_stream, "  %-26s %s (default \"%s\"%s%s)\n", environment_name(&settings[i], name), settings[i].about,
                settings[i].fallback, *bounds ? ", " : "", bounds);
    }
}

void config_markdown(void *file_stream)
{
    fputs("| setting | default | range | what it is |\n|---|---|---|---|\n", file_stream);
    for (size_t i = 0; i < SETTINGS; i++) {
        char name[NAME_BYTES_MAX], bounds[32];
        const char *quote = *settings[i].fallback ? "`" : "";
        fprintf(file_stream, "| `%s` | %s%s%s | %s | %s |\n", environment_name(&settings[i], name), quote,
                settings[i].fallback, quote, range(&settings[i], bounds, sizeof bounds), settings[i].about);
    }
}
