"""Instructions per order, by method and line: count.py CODEMAP TRACE [LINES]. See count.sh."""
import array
import bisect
import collections
import sys

PATH = 'weir/bench/core/FixPathWork;.through'
AFTER = 'weir/bench/core/CoreFixture;.sentAndFilled'
BEFORE = 'weir/bench/tester/OrderBytes;.write'
BUFFERS = ('/sbe/', 'NativeBuffer', 'HeapBuffer')


def code(file):
    """Compiled pieces in the order of their start; of two at one place the later one is meant."""
    pieces = []
    with open(file) as lines:
        for line in lines:
            if not line.endswith('\n'):
                break  # still being written
            kind, rest = line.rstrip('\n').split(' ', 1)
            if kind == 'M':
                start, size, name = rest.split(' ', 2)
                pieces.append((int(start, 16), len(pieces), int(size, 16), name, [], []))
            else:
                place, *frames = rest.split(' ')
                pieces[-1][4].append(int(place, 16))
                pieces[-1][5].append(frames)
    return sorted(pieces)


def frames_of(pieces, starts, pc, cache):
    """Name of the compiled method and the frames inlined at an address, innermost first."""
    if pc not in cache:
        found = None
        last = bisect.bisect_right(starts, pc) - 1
        for start, number, size, name, places, frames in pieces[max(0, last - 40):last + 1]:
            if start <= pc < start + size and (found is None or number > found[0]):
                found = number, name, places, frames
        if found is None:
            cache[pc] = 'native', ['native']
        else:
            at = min(bisect.bisect_right(found[2], pc), len(found[2]) - 1)
            cache[pc] = found[1], found[3][at] if found[2] else [found[1]]
    return cache[pc]


def own(frames):
    """The innermost frame of Weir that is no buffer and no SBE accessor."""
    return next((f for f in frames if f.startswith('Lweir') and not any(b in f for b in BUFFERS)), frames[0])


def section(title, steps, starts_it, end_it, lines):
    inside = False
    total = 0
    packages, roots, methods, places, passes = (collections.Counter() for _ in range(5))
    for pc, name, frames in steps:
        if name.endswith(starts_it):
            inside = True
        elif any(name.endswith(end) for end in end_it):
            inside = False
        if inside:
            total += 1
            frame = own(frames)
            roots[name] += 1
            places[frame] += 1
            methods[frame.rsplit(':', 1)[0]] += 1
            packages[frame.rsplit('/', 1)[0] if frame.startswith('Lweir') else 'outside'] += 1
            if name.endswith(starts_it):
                passes[pc] += 1
    if not passes:
        return
    orders = collections.Counter(passes.values()).most_common(1)[0][0]
    print(f'{title}: {total / orders:.0f} instructions an order, of {orders} orders')
    for heading, counter in (('package', packages), ('compiled', roots), ('method', methods), ('line', places)):
        print(f'  by {heading}')
        for name, count in counter.most_common(lines):
            print(f'  {count / orders:9.1f} {100 * count / total:5.2f} %  {name}')


def main():
    pieces = code(sys.argv[1])
    starts = [piece[0] for piece in pieces]
    trace = array.array('Q')
    with open(sys.argv[2], 'rb') as file:
        trace.frombytes(file.read())
    cache = {}
    steps = [(pc, *frames_of(pieces, starts, pc, cache)) for pc in trace]
    lines = int(sys.argv[3]) if len(sys.argv) > 3 else 25
    section('FIX bytes to FIX bytes', steps, PATH, (AFTER, BEFORE), lines)
    section('"sent" and the fill', steps, AFTER, (BEFORE, PATH), lines)


if __name__ == '__main__':
    main()
