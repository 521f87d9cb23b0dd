import net from 'node:net'

/** The members of the runtime's own object that the harness needs after it was removed. */
interface Runtime {
  readonly stdout: { writeSync(bytes: Uint8Array): number }
  exit(code: number): never
}

/** What is beneath a socket: it hands each read to `onread` as it was when reading began. */
interface PipeHandle {
  onread(bytes: ArrayBuffer | undefined): void
  readStart(): void
}

const { Deno: runtime } = globalThis as unknown as { Deno: Runtime }
const { Socket } = net
const Bytes = Uint8Array
const { apply } = Reflect
const { transfer } = ArrayBuffer.prototype

const INPUT_FD = 0

export const writeSync = runtime.stdout.writeSync.bind(runtime.stdout)
export const exit: (code: number) => never = runtime.exit.bind(runtime)

/**
 * Hands on what the server sends, as it comes; the bytes are gone when `take` returns. Ends the process when the pipe ends. To be called
 * before customer code runs: from then on no object leads to the pipe, and nothing that can be overwritten stands between it and `take`.
 */
export function readPipe(take: (bytes: Uint8Array) => void): void {
  // By the event loop, and not by `Deno.stdin`, which takes a thread for each read. Not as a stream: code of the function could look into it.
  const options = { fd: INPUT_FD, readable: true, writable: false, manualStart: true }
  const socket = new Socket(options) as unknown as { _handle: PipeHandle | null }
  const { _handle: pipe } = socket
  if (!pipe) exit(1)
  // The runtime lists open sockets (`process._getActiveHandles`): this one has no pipe any more, and the pipe no socket.
  socket._handle = null
  for (const owner of Object.getOwnPropertySymbols(pipe)) Reflect.deleteProperty(pipe, owner)
  pipe.onread = (read) => {
    if (!read) exit(0)
    try {
      take(new Bytes(read))
    } catch {
      // Code of the function has spoilt what the harness needs to go on.
      exit(1)
    }
    // Given back at once: its memory is larger than what it counts for, and would wait for the next collection.
    apply(transfer, read, [0])
  }
  pipe.readStart()
}
