const LIMIT_BYTES = 64 * 1024 * 1024;

/** Zips made so far, by name; the longest unused go first when there are more than 64 MiB. */
export class ZipCache {
  readonly #zips = new Map<string, Promise<Uint8Array>>();
  #sizes = new Map<string, number>();
  #totalBytes = 0;

  /** The zip of that name, made once however many ask at the same time. */
  async get(name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = this.#zips.get(name);
    if (known) {
      this.#zips.delete(name);
      this.#zips.set(name, known);
      return known;
    }
    const making = make();
    this.#zips.set(name, making);
    try {
      const zip = await making;
      this.#sizes.set(name, zip.length);
      this.#totalBytes += zip.length;
      this.#shrink(name);
      return zip;
    } catch (error) {
      this.#zips.delete(name);
      throw error;
    }
  }

  #shrink(keep: string): void {
    for (const name of this.#zips.keys()) {
      if (this.#totalBytes <= LIMIT_BYTES) return;
      const size = this.#sizes.get(name);
      if (name === keep || size === undefined) continue;
      this.#zips.delete(name);
      this.#sizes.delete(name);
      this.#totalBytes -= size;
    }
  }
}
