import { write, writeSync } from 'node:fs'

const MAX_WAITING_BYTES = 64 * 2 ** 20
/** So long the last lines of a process wait for a reader that is slow. */
const MAX_LAST_TRIES = 50
const LAST_TRY_MS = 20
const BUSY = new Set(['EAGAIN', 'EBUSY'])

/** Writes to a file, a pipe or a terminal, in order, without holding up the process. */
export interface DescriptorWriter {
  /** Beyond 64 MiB that wait, what is added is dropped: nobody reads it. */
  add(bytes: Buffer): void
  /** Tries again what could not be written, such as on a disk that was full. */
  retry(): void
  /** Writes what waits before it returns, as far as that is possible now. */
  flushSync(): void
}

/**
 * What cannot be written waits for the next try and never ends the process or holds it up: a server must outlive the disk and the
 * reader of its log.
 */
export function openDescriptorWriter(descriptor: number): DescriptorWriter {
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let isWriting = false
  let isReaderGone = false

  function wrote(bytes: number): void {
    const [first] = waiting
    waitingBytes -= bytes
    if (first && bytes < first.length) waiting[0] = first.subarray(bytes)
    else waiting.shift()
  }

  function failed(code: string | undefined): void {
    if (code !== 'EPIPE') return
    isReaderGone = true
    waiting = []
    waitingBytes = 0
  }

  function writeNext(): void {
    const [first] = waiting
    if (isWriting || !first) return
    isWriting = true
    write(descriptor, first, (error, bytes) => {
      isWriting = false
      if (error) return failed(error.code)
      wrote(bytes)
      writeNext()
    })
  }

  return {
    add(bytes) {
      if (isReaderGone || waitingBytes + bytes.length > MAX_WAITING_BYTES) return
      waiting.push(bytes)
      waitingBytes += bytes.length
      writeNext()
    },
    retry: writeNext,
    flushSync() {
      // The first one is being written by a thread.
      const begun = isWriting ? waiting.splice(0, 1) : []
      let tries = 0
      while (waiting[0]) {
        try {
          wrote(writeSync(descriptor, waiting[0]))
        } catch (error) {
          const code = codeOf(error)
          tries += 1
          if (!BUSY.has(code ?? '') || tries > MAX_LAST_TRIES) {
            failed(code)
            break
          }
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_TRY_MS)
        }
      }
      waiting.unshift(...begun)
    },
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
