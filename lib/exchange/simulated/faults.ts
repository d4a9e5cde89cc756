import {
  ARCHIVE_KINDS,
  type ArchiveFault,
  type ClockFault,
  type Fault,
  type FaultRequest,
  ROW_KINDS,
  type RowFault,
  TRANSPORT_KINDS,
  type TransportFault,
} from './fault.ts';

interface Entry {
  readonly fault: Fault;
  skipped: number;
  used: number;
  /** Archive files it has damaged: they stay so, or a file would disagree with its own checksum. */
  readonly files: Set<string>;
}

/** The faults an exchange has been asked for, and how often each may still strike. */
export class Faults {
  #entries: Entry[] = [];

  add(...faults: readonly Fault[]): void {
    for (const fault of faults) this.#entries.push({ fault, skipped: 0, used: 0, files: new Set() });
  }

  /** From now on everything goes well. */
  clear(): void {
    this.#entries = [];
  }

  /** The transport fault that strikes this request, if any. */
  takeTransport(request: FaultRequest): TransportFault | undefined {
    const entry = this.#find(TRANSPORT_KINDS, request);
    return entry && spend(entry) ? (entry.fault as Fault & TransportFault) : undefined;
  }

  /** The damage to a zip, or to the checksum beside it; `path` is that of the zip in both cases. */
  takeArchive(request: FaultRequest, path: string, isChecksum: boolean): ArchiveFault | undefined {
    const kinds = ARCHIVE_KINDS.filter((kind) => isChecksum || !kind.endsWith('_checksum'));
    for (const entry of this.#matching(kinds, request, zipOf(request, isChecksum), path)) {
      const fault = entry.fault as Fault & ArchiveFault;
      const damagesZip = fault.kind === 'truncated_zip' || fault.kind === 'corrupt_zip';
      // The checksum of a zip damaged on its way is that of the file as it is, and asking for it costs nothing.
      if (damagesZip && isChecksum && !fault.checksumAgrees) continue;
      const strikes = damagesZip && fault.checksumAgrees ? spendOnFile(entry, path) : spend(entry);
      if (strikes) return fault;
    }
    return undefined;
  }

  /** Returns the faults in the rows of an archive file: the same at each call. */
  takeFileRows(request: FaultRequest, path: string, isChecksum: boolean): RowFault[] {
    const zip = zipOf(request, isChecksum);
    return this.#entries
      .filter(({ fault }) => isOf(ROW_KINDS, fault) && (matches(fault, request) || (zip && matches(fault, zip))))
      .filter((entry) => spendOnFile(entry, path))
      .map(({ fault }) => fault as Fault & RowFault);
  }

  /** Returns the faults in the rows of a REST answer. */
  takeRestRows(request: FaultRequest): RowFault[] {
    return this.#entries
      .filter(({ fault }) => isOf(ROW_KINDS, fault) && matches(fault, request))
      .filter(spend)
      .map(({ fault }) => fault as Fault & RowFault);
  }

  /** By how much `serverTime` is off for this request, ms. */
  takeSkewMs(request: FaultRequest): number {
    const entry = this.#find(['clock_skew'], request);
    return entry && spend(entry) ? (entry.fault as Fault & ClockFault).skewMs : 0;
  }

  #find(kinds: readonly string[], request: FaultRequest): Entry | undefined {
    return this.#matching(kinds, request)[0];
  }

  #matching(kinds: readonly string[], request: FaultRequest, other?: FaultRequest, file?: string): Entry[] {
    return this.#entries.filter(
      (entry) =>
        isOf(kinds, entry.fault) &&
        (!isSpent(entry) || (file !== undefined && entry.files.has(file))) &&
        (matches(entry.fault, request) || (other !== undefined && matches(entry.fault, other))),
    );
  }
}

/** The request for the zip that a request for a checksum belongs to. */
function zipOf(request: FaultRequest, isChecksum: boolean): FaultRequest | undefined {
  return isChecksum ? { ...request, path: request.path.replace(/\.CHECKSUM$/, '') } : undefined;
}

function isOf(kinds: readonly string[], fault: Fault): boolean {
  return kinds.includes(fault.kind);
}

function matches({ match }: Fault, request: FaultRequest): boolean {
  if (match === undefined) return true;
  if (typeof match === 'string') return request.path.includes(match);
  // `search` looks from the beginning whatever flags the expression has.
  return typeof match === 'function' ? match(request) : request.path.search(match) >= 0;
}

function isSpent({ fault, used }: Entry): boolean {
  return fault.times !== undefined && used >= fault.times;
}

function spend(entry: Entry): boolean {
  if (isSpent(entry)) return false;
  if (entry.skipped < (entry.fault.skip ?? 0)) {
    entry.skipped++;
    return false;
  }
  entry.used++;
  return true;
}

function spendOnFile(entry: Entry, file: string): boolean {
  if (entry.files.has(file)) return true;
  if (!spend(entry)) return false;
  entry.files.add(file);
  return true;
}
