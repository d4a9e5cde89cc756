"""The side of a contestant in Python: it runs once for each line of its input, and answers with one line of JSON."""
import json
import sys
import time


def peak_mib():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def serve(run):
    """`run` returns further measurements: `parts` in ms by name, `note`. The rest of the answer is measured here."""
    for _ in sys.stdin:
        begin, used = time.perf_counter(), time.process_time()
        more = run()
        answer = {"ms": 1000 * (time.perf_counter() - begin), "cpuMs": 1000 * (time.process_time() - used),
                  "processCpuMs": 1000 * time.process_time(), "peakMiB": peak_mib(), **more}
        print(json.dumps(answer), flush=True)
