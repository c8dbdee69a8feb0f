#!/bin/sh
# What the order thread of a running router does, seen from outside. Linux on x86-64, perf and leave to use it, python3;
# gcc and leave to trace for steps.
#   thread.sh calls [SECONDS]             its system calls in the order they come after a read that brought something:
#                                         time before each and in it, medians, tracepoints included
#   thread.sh samples CODEMAP [SECONDS]   where it is, 8,000 times a second, by package, method and line of Java:
#                                         where it waits for memory, too
#   thread.sh steps CODEMAP [COUNT]       instructions of each part of a round trip, stepped one by one: a minute or more,
#                                         in which clients wait; orders come in batches meanwhile, so that a turn's
#                                         own share is small
# For samples and steps the router writes CODEMAP: started with -agentpath:CODEMAP.so=CODEMAP -XX:+UnlockDiagnosticVMOptions
# -XX:+DebugNonSafepoints (weir bench takes each by --jvm); "thread.sh codemap" builds CODEMAP.so and says where it is.
# The minute of P5 is a time with many orders in flight: weir bench --plain --only P5 --rounds 1.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
out=$(CDPATH='' cd -- "$here/.." && pwd -P)/target/steps
mkdir -p "$out"
usage() {
    sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
thread() {
    ids=$(ps -eL -o tid=,comm= | awk '$2 == "weir-orders" { print $1 }')
    [ "$(echo "$ids" | wc -w)" = 1 ] || { echo "$(echo "$ids" | wc -w) threads weir-orders, not one" >&2; exit 1; }
    echo "$ids"
}
case ${1:-} in
codemap)
    java=$(readlink -f "${JAVA_HOME:+$JAVA_HOME/bin/java}" || readlink -f "$(command -v java)")
    jdk=${java%/bin/java}
    gcc -O2 -shared -fPIC -I"$jdk/include" -I"$jdk/include/linux" -o "$out/codemap.so" "$here/codemap.c"
    echo "$out/codemap.so"
    ;;
calls)
    id=$(thread)
    perf record -q -e raw_syscalls:sys_enter -e raw_syscalls:sys_exit -t "$id" -o "$out/calls.perf" -- sleep "${2:-1}"
    perf script --ns -i "$out/calls.perf" -F time,event,trace 2>/dev/null | python3 -B "$here/thread.py" calls
    ;;
samples)
    [ -f "${2:-}" ] || usage
    id=$(thread)
    perf record -q -e cpu-clock -F 8000 -t "$id" -o "$out/samples.perf" -- sleep "${3:-10}"
    perf script -i "$out/samples.perf" -F ip,sym 2>/dev/null | python3 -B "$here/thread.py" samples "$2"
    ;;
steps)
    [ -f "${2:-}" ] || usage
    id=$(thread)
    gcc -O2 -o "$out/step" "$here/step.c"
    "$out/step" "$id" "${3:-2000000}" "$out/steps.trace"
    python3 -B "$here/thread.py" steps "$2" "$out/steps.trace"
    ;;
*)
    usage
    ;;
esac
