"""What the order thread does: thread.py calls | samples CODEMAP, perf's output on standard input, or thread.py steps
CODEMAP TRACE. See thread.sh."""
import array
import collections
import re
import statistics
import sys

from count import code, frames_of, own

CALL = re.compile(r'\s*(\d+)\.(\d{9}):\s+raw_syscalls:sys_(enter|exit): NR (-?\d+)(?: \((\w+)| = (-?\d+))')
# x86-64.
NAMES = {'0': 'read', '1': 'write', '232': 'epoll_wait'}
LONGEST = 14


# What happens once for each message of a batch, by the compiled method that it begins in.
MESSAGES = {'order read': 'weir/fix/session/DeskLink;.tryFast',
            'order in the engine': 'weir/engine/ingress/ClientCommands;.onNewOrder',
            'order to the venue': 'weir/venue/coinbase/TransportWire;.send',
            'fill read': 'weir/venue/coinbase/FastReportReader;.onExecution',
            '"sent" in the engine': 'weir/engine/ingress/VenueEvents;.onSent',
            'fill in the engine': 'weir/engine/ingress/VenueEvents;.fill',
            'report': 'weir/fix/egress/FastReportEncoder;.executionReport'}


def calls_of(lines):
    """Calls in order: start ns, end ns, name with descriptor, and whether it brought nothing."""
    entered = None
    for line in lines:
        match = CALL.match(line)
        if not match:
            continue
        ns = int(match[1]) * 1_000_000_000 + int(match[2])
        if match[3] == 'enter':
            entered = ns, match[4], match[5]
        elif entered and entered[1] == match[4]:
            empty = int(match[6]) <= 0
            yield entered[0], ns, f"{NAMES.get(match[4], match[4])} {int(entered[2], 16)}", empty


def steps(codemap, trace_file):
    """Instructions from one message of a batch to the next, medians: what is seldom, as code that waits to be compiled
    anew or a window that runs out while the thread is stepped, is left out by them."""
    pieces = code(codemap)
    starts = [piece[0] for piece in pieces]
    trace = array.array('Q')
    with open(trace_file, 'rb') as file:
        trace.frombytes(file.read())
    cache, places = {}, collections.defaultdict(lambda: collections.defaultdict(list))
    for step, pc in enumerate(trace):
        name, _ = frames_of(pieces, starts, pc, cache)
        for message, method in MESSAGES.items():
            if name.endswith(method):
                places[message][pc].append(step)
    for message in MESSAGES:
        times = statistics.mode(len(at) for at in places[message].values()) if places[message] else 0
        at = next((at for at in places[message].values() if len(at) == times), [])
        if times > 2:
            apart = statistics.median(later - step for step, later in zip(at, at[1:]))
            print(f'{apart:8.0f}  {message}, {times} of them')


def calls():
    """Sequences that begin with a read that brought something after an empty one, to the second empty call in a row."""
    found = collections.defaultdict(list)
    sequence = None
    before = None
    for start, end, name, empty in calls_of(sys.stdin):
        if sequence is None and before and before[1] and not empty and name.startswith('read'):
            sequence = [(name, start - before[0], end - start, empty)]
        elif sequence is not None:
            sequence.append((name, start - before[0], end - start, empty))
            if empty and before[1] and len(sequence) > 2 or len(sequence) == LONGEST:
                found[tuple((name, empty) for name, _, _, empty in sequence)].append(sequence)
                sequence = None
        before = end, empty
    total = sum(map(len, found.values()))
    if total == 0:
        sys.exit('no read brought anything')
    for names, sequences in sorted(found.items(), key=lambda item: -len(item[1]))[:3]:
        print(f'{len(sequences)} of {total}, us before the call and in it')
        for i, (name, empty) in enumerate(names):
            gap = statistics.median(sequence[i][1] for sequence in sequences) / 1000
            inside = statistics.median(sequence[i][2] for sequence in sequences) / 1000
            print(f"  {gap:6.2f} {inside:6.2f}  {name}{', nothing' if empty else ''}")


def samples(codemap):
    pieces = code(codemap)
    starts = [piece[0] for piece in pieces]
    cache = {}
    packages, methods, places = (collections.Counter() for _ in range(3))
    total = 0
    for line in sys.stdin:
        words = line.split(None, 1)
        if not words:
            continue
        pc = int(words[0], 16)
        total += 1
        frame = own(frames_of(pieces, starts, pc, cache)[1])
        if frame == 'native':
            frame = ('kernel ' if pc >> 63 else 'native ') + (words[1].strip() if len(words) > 1 else '')
            packages[frame.split(' ', 1)[0]] += 1
            methods[frame] += 1
        else:
            packages[frame.rsplit('/', 1)[0] if frame.startswith('Lweir') else 'outside'] += 1
            methods[frame.rsplit(':', 1)[0]] += 1
        places[frame] += 1
    for heading, counter in (('package', packages), ('method', methods), ('line', places)):
        print(f'by {heading}, of {total} samples')
        for name, count in counter.most_common(40):
            print(f'  {100 * count / total:5.2f} %  {name}')


{'calls': calls, 'samples': samples, 'steps': steps}[sys.argv[1]](*sys.argv[2:])
