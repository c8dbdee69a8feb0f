#!/bin/sh
# How many instructions an order takes from FIX bytes to FIX bytes, and in which lines: the thread of the JMH benchmark
# is stepped one by one once its code is compiled. The figure is of the code alone, the same on a busy machine, but for
# a few percent from start to start as the compiler inlines. From a source tree that is built; Linux on x86-64, gcc, a
# JDK with headers, python3, and leave to trace. Usage: count.sh [STEPS [LINES]]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(CDPATH='' cd -- "$here/../.." && pwd -P)
out=$root/benchmarks/target/steps
java=$(readlink -f "${JAVA_HOME:+$JAVA_HOME/bin/java}" || readlink -f "$(command -v java)")
jdk=${java%/bin/java}
mkdir -p "$out"
gcc -O2 -shared -fPIC -I"$jdk/include" -I"$jdk/include/linux" -o "$out/codemap.so" "$here/codemap.c"
gcc -O2 -o "$out/step" "$here/step.c"
flags=$(cat "$root/config/target/jvm/common.options" "$root/config/target/jvm/router-one-thread.options" | grep -v '^#')
# shellcheck disable=SC2086 # flags are words
"$java" $flags -cp "$root/benchmarks/target/*:$root/benchmarks/target/lib/*:$root/config/target/lib/*" \
    org.openjdk.jmh.Main FixPathBenchmark.weir -f 1 -wi 100 -w 1 -i 1 -r 1 -jvmArgsAppend \
    "-agentpath:$out/codemap.so=$out/code -XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints" >"$out/jmh.log" 2>&1 &
jmh=$!
trap 'kill $jmh 2>/dev/null; pkill -f "codemap.so=$out/code" 2>/dev/null || true' EXIT
sleep "${WARM_S:-35}"
fork=$(pgrep -P "$jmh" java | head -n 1)
thread=$(ps -L -p "$fork" -o tid=,pcpu=,comm= | awk '$3 ~ /^weir.bench/ && $2 > most { most = $2; tid = $1 } END { print tid }')
"$out/step" "$thread" "${1:-1000000}" "$out/trace"
python3 "$here/count.py" "$out/code" "$out/trace" "${2:-25}"
