/*
 * JVMTI agent: writes what HotSpot compiles, as it compiles it. A line "M address size name" per method or stub, and
 * after it "P pc frame frame ..." per place of its debug information, the innermost frame first, each "class.method:line".
 * Option: the file. See count.sh.
 */
#include <jvmti.h>
#include <jvmticmlr.h>
#include <stdio.h>

static FILE *out;
static jvmtiEnv *env;

static void put_name(jmethodID method) {
    char *name, *signature;
    jclass class;
    if ((*env)->GetMethodName(env, method, &name, NULL, NULL)) {
        fputs("?", out);
        return;
    }
    (*env)->GetMethodDeclaringClass(env, method, &class);
    (*env)->GetClassSignature(env, class, &signature, NULL);
    fprintf(out, "%s.%s", signature, name);
    (*env)->Deallocate(env, (unsigned char *)name);
    (*env)->Deallocate(env, (unsigned char *)signature);
}

static int line_of(jmethodID method, jint bci) {
    jint count;
    jvmtiLineNumberEntry *lines;
    if ((*env)->GetLineNumberTable(env, method, &count, &lines)) {
        return -1;
    }
    int line = -1;
    for (int i = 0; i < count; i++) {
        if (lines[i].start_location <= bci) {
            line = lines[i].line_number;
        }
    }
    (*env)->Deallocate(env, (unsigned char *)lines);
    return line;
}

static void JNICALL on_method(jvmtiEnv *jvmti, jmethodID method, jint size, const void *address, jint length,
    const jvmtiAddrLocationMap *map, const void *info) {
    flockfile(out);
    fprintf(out, "M %lx %x ", (long)address, size);
    put_name(method);
    fputc('\n', out);
    for (const jvmtiCompiledMethodLoadRecordHeader *record = info; record; record = record->next) {
        if (record->kind != JVMTI_CMLR_INLINE_INFO) {
            continue;
        }
        const jvmtiCompiledMethodLoadInlineRecord *inlined = (const void *)record;
        for (int i = 0; i < inlined->numpcs; i++) {
            const PCStackInfo *place = &inlined->pcinfo[i];
            fprintf(out, "P %lx", (long)place->pc);
            for (int frame = 0; frame < place->numstackframes; frame++) {
                fputc(' ', out);
                put_name(place->methods[frame]);
                fprintf(out, ":%d", line_of(place->methods[frame], place->bcis[frame]));
            }
            fputc('\n', out);
        }
    }
    fflush(out);
    funlockfile(out);
}

static void JNICALL on_stub(jvmtiEnv *jvmti, const char *name, const void *address, jint length) {
    flockfile(out);
    fprintf(out, "M %lx %x stub:%s\n", (long)address, length, name);
    fflush(out);
    funlockfile(out);
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved) {
    jvmtiCapabilities capabilities = {.can_generate_compiled_method_load_events = 1, .can_get_line_numbers = 1};
    jvmtiEventCallbacks callbacks = {.CompiledMethodLoad = on_method, .DynamicCodeGenerated = on_stub};
    out = options ? fopen(options, "w") : NULL;
    if (!out || (*vm)->GetEnv(vm, (void **)&env, JVMTI_VERSION_1_2)) {
        return JNI_ERR;
    }
    (*env)->AddCapabilities(env, &capabilities);
    (*env)->SetEventCallbacks(env, &callbacks, sizeof callbacks);
    (*env)->SetEventNotificationMode(env, JVMTI_ENABLE, JVMTI_EVENT_COMPILED_METHOD_LOAD, NULL);
    (*env)->SetEventNotificationMode(env, JVMTI_ENABLE, JVMTI_EVENT_DYNAMIC_CODE_GENERATED, NULL);
    return JNI_OK;
}
