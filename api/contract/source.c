/* source.c: the contract's files and references between them. Knows nothing of what the files say. */
#include "contract/source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "contract/percent.h"

enum { HOPS_MAX = 8 };

/* A plain name in the folder itself: no way to climb out of it or to another host. */
static bool is_file_name(struct str name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.";

    for (size_t i = 0; i < name.n; i++)
        if (!name.p[i] || !strchr(plain, name.p[i]))
            return false;
    return name.n > strlen(".json") && name.p[0] != '.' && str_ends(name, STR(".json"));
}

static bool read_text(struct arena *a, const char *path, struct str *ret, struct error *err)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return error_set(err, ERR_CONTRACT, "cannot be read: %s", strerror(errno));
    char *text = malloc(SOURCE_BYTES_MAX + 1);
    size_t n = text ? fread(text, 1, SOURCE_BYTES_MAX + 1, file) : 0;
    bool fine = text && !ferror(file) && n <= SOURCE_BYTES_MAX;

    if (fine)
        *ret = arena_copy(a, (struct str){text, n});
    else
        error_set(err, ERR_CONTRACT, "cannot be read, or larger than %d bytes", SOURCE_BYTES_MAX);
    free(text);
    fclose(file);
    return fine;
}

static bool load(struct sources *sources, struct str name, const struct value **ret, struct error *err)
{
    struct str path = arena_printf(sources->arena, "%s/%.*s", sources->dir, STR_ARG(name)), text;

    if (!read_text(sources->arena, path.p, &text, err) ||
        !value_parse(sources->arena, text, SOURCE_DEPTH_MAX, ret, err))
        return false;
    return (*ret)->type == VALUE_OBJECT || error_set(err, ERR_CONTRACT, "is not a JSON object");
}

bool source_open(struct sources *sources, struct str name, const struct source **ret, struct error *err)
{
    struct source **at = &sources->first;
    struct error reason;

    while (*at && !str_eq((*at)->name, name))
        at = &(*at)->next;
    if (!*at) {
        const struct value *root;
        if (!is_file_name(name))
            return error_set(err, ERR_CONTRACT, "%.*s: not the name of a .json file in the same folder", STR_ARG(name));
        if (!load(sources, name, &root, &reason))
            return error_set(err, ERR_CONTRACT, "%.*s: %s", STR_ARG(name), reason.argument);
        *at = arena_new(sources->arena, struct source);
        **at = (struct source){arena_copy(sources->arena, name), root, NULL};
    }
    *ret = *at;
    return true;
}

bool source_all_read(const struct sources *sources, struct error *err)
{
    DIR *folder = opendir(sources->dir);
    struct dirent *entry;
    bool ok = folder || error_set(err, ERR_CONTRACT, "%s: %s", sources->dir, strerror(errno));

    while (ok && (entry = readdir(folder))) {
        const struct source *source = sources->first;
        while (source && !str_eq(source->name, str_of(entry->d_name)))
            source = source->next;
        ok = source || !is_file_name(str_of(entry->d_name)) ||
             error_set(err, ERR_CONTRACT, "%s: nothing in openapi.json leads to this file", entry->d_name);
    }
    if (folder)
        closedir(folder);
    return ok;
}

/* One step: from the text of a `$ref` to the value there. */
static bool look_up(struct sources *sources, const struct source *from, struct str ref, struct target *ret,
                    struct error *err)
{
    size_t hash = str_find(ref, '#');
    struct str name = {ref.p, hash}, fragment = str_skip(ref, hash + 1), pointer;

    ret->source = from;
    if (name.n && !source_open(sources, name, &ret->source, err))
        return false;
    if (hash == ref.n || !percent_decode(sources->arena, fragment, false, &pointer) || !str_starts(pointer, STR("/")))
        return error_set(err, ERR_CONTRACT, "$ref \"%.*s\" has no JSON Pointer after \"#\"", STR_ARG(ref));
    ret->pointer = pointer;
    ret->value = value_at(ret->source->root, pointer);
    return ret->value || error_set(err, ERR_CONTRACT, "$ref \"%.*s\" leads nowhere", STR_ARG(ref));
}

bool source_resolve(struct sources *sources, const struct source *from, struct str ref, struct target *ret,
                    struct error *err)
{
    struct target target = {.source = from};
    struct str next = ref;

    for (int hops = 0; next.p; hops++) {
        if (hops == HOPS_MAX)
            return error_set(err, ERR_CONTRACT, "$ref \"%.*s\" leads in a circle", STR_ARG(ref));
        if (!look_up(sources, target.source, next, &target, err))
            return false;
        bool alias = target.value->type == VALUE_OBJECT && target.value->object.n == 1;
        next = alias ? value_string(value_get(target.value, STR("$ref"))) : (struct str){NULL, 0};
    }
    *ret = target;
    return true;
}
