import { dlopen } from 'node:ffi'

const TRIM = { malloc_trim: { arguments: ['u64'], return: 'i32' } } as const

/**
 * Frees what nothing refers to, and gives back to the system what the C library keeps of freed memory, so that what is left is
 * held. Needs `--expose-gc` and glibc.
 */
export function freeMemory(): void {
  const { gc } = globalThis as { gc?: (options: object) => void }
  if (!gc) throw new Error('The server was not started with --expose-gc')
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  using library = dlopen('libc.so.6', TRIM)
  library.functions.malloc_trim(0n)
}
