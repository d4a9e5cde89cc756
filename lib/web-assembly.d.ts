/**
 * The part of the global `WebAssembly` that this code uses. Only TypeScript's library of the browser declares it. All
 * versions of Node have it, unless a flag such as `--jitless` removes it.
 */
declare namespace WebAssembly {
  class Module {
    /** @throws CompileError if the bytes are not a module */
    constructor(bytes: Uint8Array);
    static exports(module: Module): { readonly name: string; readonly kind: string }[];
  }

  class Memory {
    /**
     * Sizes are in pages of 64 KiB.
     * @throws RangeError if there is not enough memory or address space
     */
    constructor(sizes: { readonly initial: number; readonly maximum: number });
    /** Another buffer after each `grow`. Views on the one before it then have length 0. */
    readonly buffer: ArrayBuffer;
    /** @throws RangeError if there is not enough memory, or beyond the maximum */
    grow(pages: number): number;
  }

  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
    readonly exports: Readonly<Record<string, unknown>>;
  }
}
