/** The members of the runtime's own object that the harness needs after it was removed. */
interface Runtime {
  exit(code: number): never
}

/** What is beneath it, of no documented interface: the version of the runtime is pinned. */
interface Core {
  /** Blocks until there are bytes; 0 at the end. */
  readSync(resource: number, into: Uint8Array): number
  /** The same in a thread. */
  read(resource: number, into: Uint8Array): Promise<number>
  /** How many of them it has written. Blocks while there is no room for any. */
  writeSync(resource: number, bytes: Uint8Array): number
  /** The text of bytes; what is not UTF-8 is replaced, and a mark of the byte order left out. */
  decode(bytes: Uint8Array): string
  runMicrotasks(): void
  /** Whether a timer, an operation, a tick or a rejection that nobody has handled is left. */
  eventLoopHasMoreWork(): boolean
  /** What belongs to the code that runs, by keys; it is handed on to what that code starts. Never changed, but replaced. */
  getAsyncContext(): Readonly<Record<PropertyKey, unknown>> | undefined
  setAsyncContext(context: object | undefined): void
}

const { Deno: runtime } = globalThis as unknown as { Deno: Runtime & { internal: symbol } }
const { core } = Reflect.get(runtime, runtime.internal) as { core: Core }
const { read, readSync, runMicrotasks, eventLoopHasMoreWork } = core
export const { decode, getAsyncContext, setAsyncContext, writeSync } = core
const Bytes = Uint8Array
const afterTurn = setImmediate
const { apply } = Reflect
const { then } = Promise.prototype

const INPUT = 0
export const OUTPUT = 1
const READ_BYTES = 65_536
/** Then a turn of the event loop, for what the engine has put off. */
const READS_AT_ONCE = 64

export const exit: (code: number) => never = runtime.exit.bind(runtime)

/**
 * Hands on what the server sends, as it comes; the bytes are gone when `take` returns. Ends the process when the pipe ends. To be called
 * before customer code runs: from then on no object leads to the pipe, and nothing that can be overwritten stands between it and `take`.
 * @param mayWait whether nothing but the next bytes is waited for, so far as the caller knows
 */
export function readPipe(take: (bytes: Uint8Array) => void, mayWait: () => boolean): void {
  const memory = new ArrayBuffer(READ_BYTES)
  const room = new Bytes(memory)

  function takeRead(count: number): void {
    if (count === 0) exit(0)
    take(new Bytes(memory, 0, count))
  }

  /** While nothing is left to do the process waits in the read itself: a turn of the event loop costs more than most calls. */
  function readNext(): void {
    try {
      for (let reads = 0; mayWait() && !eventLoopHasMoreWork(); reads += 1) {
        if (reads === READS_AT_ONCE) return void afterTurn(readNext)
        takeRead(readSync(INPUT, room))
        runMicrotasks()
      }
      void apply(then, read(INPUT, room), [takeLate, spoilt])
    } catch {
      spoilt()
    }
  }

  function takeLate(count: number): void {
    try {
      takeRead(count)
    } catch {
      spoilt()
    }
    afterTurn(readNext)
  }

  afterTurn(readNext)
}

/** Code of the function has spoilt what the harness needs to go on. */
function spoilt(): never {
  exit(1)
}
