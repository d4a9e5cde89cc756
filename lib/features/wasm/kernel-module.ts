import { WASM_BASE64 } from './generated/kernels.ts';

/** Functions of the module by name. All take numbers and return none. */
export type TwinExports = Readonly<Record<string, (...numbers: number[]) => void>>;

let compiled: WebAssembly.Module | undefined;

/** Returns the module of kernels, compiled once per process and thread; undefined if there is no WebAssembly. */
export function kernelModule(): WebAssembly.Module | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(WASM_BASE64), (char) => char.charCodeAt(0)));
  return compiled;
}
