import { seededRandom } from './prng.ts'
import {
  FRAME,
  MAX_TRACE_BYTES,
  MAX_TRACE_FRAME_BYTES,
  type RecordedCall,
  type RecordedHostCall,
  SEED_BYTES,
  type TracePart,
  type Turn,
} from './protocol.ts'
import { fits, flush, queueFrame } from './wire.ts'

const { stringify } = JSON
const { now } = performance
const clock = now.bind(performance)
const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

const MAX_TURNS = 1_000
const MAX_READS = 2_000
const MAX_DRAWN_BYTES = 8_192
/** Outgoing calls of one call, and host calls. */
const MAX_CALLS = 100

/** How a call sees time and chance: a live one notes it, a replay gives back what was noted. */
export interface CallTrace {
  /** Time as the function reads it; `at` is the platform's. */
  read(at: number): number
  random(): number
  /** Bytes of the strong source, or what they were. */
  draw(kind: string, make: () => Uint8Array): Uint8Array
  /** The key of a new timer, which its turns begin with. */
  timerKey(delay: number): string
  /** Something has happened that code of the call runs for. */
  turn(key: string): void
}

/** The trace of a live call. */
export interface LiveTrace extends CallTrace {
  readonly bodyBytes: number
  /** The number of a new outgoing call; `undefined` when there were too many. */
  nextCall(): number | undefined
  nextHostCall(): number | undefined
  addCall(call: RecordedCall): void
  /** A call that is not answered when the trace ends is stated as far as it came. Gives back what ends that. */
  waitFor(stated: () => RecordedCall): () => void
  addHostCall(call: RecordedHostCall): void
  /** Sends what was not sent yet. */
  send(isEnd: boolean): void
}

interface Traced {
  readonly id: number
  readonly key: Uint8Array
  readonly done: boolean
}

export interface TraceStart {
  /** The platform's time at which the call began. */
  startedAt: number
  seed: Uint8Array
  bodyBytes: number
  /** Sends what is known as soon as something is answered, not only when the call fails. */
  keeps: boolean
}

/** Numbers timers by their delay: one more timer moves the numbers of few others. */
export function timerKeys(): (delay: number) => string {
  const counts = new Map<number, number>()
  return (delay) => {
    const count = counts.get(delay) ?? 0
    counts.set(delay, count + 1)
    return `t${delay}#${count}`
  }
}

export function copySeed(seed: Uint8Array): Uint8Array {
  const copy = new Uint8Array(SEED_BYTES)
  for (let i = 0; i < SEED_BYTES; i += 1) copy[i] = seed[i] ?? 0
  return copy
}

export function liveTrace(
  call: Traced,
  { startedAt, seed, bodyBytes, keeps }: TraceStart,
): LiveTrace {
  const began = clock()
  const over = new Set<string>()
  let part: TracePart = { startedAt }
  let turns = 0
  let reads = 0
  let calls = 0
  let hostCalls = 0
  let drawn = 0
  let sent = 0
  const open = new Set<() => RecordedCall>()
  let random: (() => number) | undefined
  let keys: ((delay: number) => string) | undefined

  function queue(text: string): void {
    sent += text.length
    queueFrame(FRAME.TRACE, call.id, call.key, text)
  }

  function send(isEnd: boolean): void {
    if (isEnd && over.size > 0) part.over = [...over]
    if (isEnd) for (const stated of open) (part.calls ??= []).push(stated())
    const text = stringify(part)
    part = {}
    if (fits(text, MAX_TRACE_FRAME_BYTES) && sent + text.length <= MAX_TRACE_BYTES) queue(text)
    else if (isEnd) queue(stringify({ startedAt, over: [...over, 'bytes'] }))
    else over.add('bytes')
  }

  function add<Name extends 'calls' | 'hostCalls'>(
    name: Name,
    one: NonNullable<TracePart[Name]>[number],
  ): void {
    if (call.done) return
    const list = (part[name] ??= []) as (typeof one)[]
    list[list.length] = one
    if (!keeps) return
    send(false)
    // At once: what follows may never end.
    flush()
  }

  return {
    bodyBytes,
    read(at) {
      const list = (part.reads ??= [])
      const offset = at - startedAt
      const last = list.length - 2
      if (last >= 0 && list[last] === offset) list[last + 1] = (list[last + 1] ?? 0) + 1
      else if (reads < MAX_READS) {
        reads += 1
        list[last + 2] = offset
        list[last + 3] = 1
      } else over.add('readings of the clock')
      return at
    },
    random() {
      random ??= seededRandom(seed)
      return random()
    },
    draw(kind, make) {
      const bytes = make()
      drawn += bytes.length
      if (drawn > MAX_DRAWN_BYTES) over.add('random bytes')
      else {
        const list = (part.draws ??= [])
        list[list.length] = [kind, encode(bytes)]
      }
      return bytes
    },
    timerKey(delay) {
      keys ??= timerKeys()
      return keys(delay)
    },
    turn(key) {
      if (call.done) return
      turns += 1
      if (turns > MAX_TURNS) return void over.add('timers and answers')
      const turn: Turn = [key, Math.round((clock() - began) * 1_000) / 1_000]
      const list = (part.turns ??= [])
      list[list.length] = turn
    },
    nextCall() {
      if (calls === MAX_CALLS) over.add('outgoing calls')
      return calls === MAX_CALLS ? undefined : calls++
    },
    nextHostCall() {
      if (hostCalls === MAX_CALLS) over.add('calls of the platform')
      return hostCalls === MAX_CALLS ? undefined : hostCalls++
    },
    waitFor(stated) {
      open.add(stated)
      return () => open.delete(stated)
    },
    addCall: (one) => add('calls', one),
    addHostCall: (one) => add('hostCalls', one),
    send,
  }
}
