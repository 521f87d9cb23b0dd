import { seededRandom } from './prng.ts'
import {
  FRAME,
  KEY_BYTES,
  MAX_TRACE_BYTES,
  MAX_TRACE_FRAME_BYTES,
  type RecordedCall,
  type RecordedHostCall,
  type TracePart,
} from './protocol.ts'
import { fits, flush, queueFrame } from './wire.ts'

const { stringify } = JSON
const { now } = performance
const clock = now.bind(performance)
const { from } = Buffer

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

interface Traced {
  readonly id: number
  /** Its key, and behind it its seed. */
  readonly key: Uint8Array
  /** The platform's time at its start. */
  readonly startedAt: number
  readonly done: boolean
}

/** Says what is known of an outgoing call. */
type State = () => RecordedCall

/** What a call has noted, and how much. */
interface Noted {
  /** What was not sent yet, beside draws and outgoing calls: those are put into words when they leave. */
  part: TracePart
  draws: { kind: string; bytes: Uint8Array }[]
  /** Outgoing calls that are not answered, by their numbers. */
  open: (State | undefined)[]
  /** Those that are answered or have failed. */
  answered: State[]
  hostCalls: number
  turns: number
  reads: number
  drawnBytes: number
  sentCharacters: number
  over: string[]
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

/**
 * The trace of a live call. Nearly all calls succeed and are not kept: nothing is made before there is something to note, and
 * nothing is masked, hashed or put into words before it leaves.
 */
export class LiveTrace implements CallTrace {
  readonly bodyBytes: number
  /** Sends what is known as soon as something is answered, and when the call succeeds, not only when it fails. */
  readonly keeps: boolean
  readonly #call: Traced
  readonly #began = clock()
  #noted: Noted | undefined
  #random: (() => number) | undefined
  #timerKey: ((delay: number) => string) | undefined

  constructor(call: Traced, bodyBytes: number, keeps: boolean) {
    this.#call = call
    this.bodyBytes = bodyBytes
    this.keeps = keeps
  }

  read(at: number): number {
    const noted = this.#note()
    const list = (noted.part.reads ??= [])
    const offset = at - this.#call.startedAt
    const last = list.length - 2
    if (last >= 0 && list[last] === offset) list[last + 1] = (list[last + 1] ?? 0) + 1
    else if (noted.reads < MAX_READS) {
      noted.reads += 1
      list[last + 2] = offset
      list[last + 3] = 1
    } else addOnce(noted.over, 'readings of the clock')
    return at
  }

  random(): number {
    this.#random ??= seededRandom(this.#call.key, KEY_BYTES)
    return this.#random()
  }

  draw(kind: string, make: () => Uint8Array): Uint8Array {
    const bytes = make()
    const noted = this.#note()
    noted.drawnBytes += bytes.length
    if (noted.drawnBytes > MAX_DRAWN_BYTES) addOnce(noted.over, 'random bytes')
    else noted.draws[noted.draws.length] = { kind, bytes }
    return bytes
  }

  timerKey(delay: number): string {
    this.#timerKey ??= timerKeys()
    return this.#timerKey(delay)
  }

  turn(key: string): void {
    if (this.#call.done) return
    const noted = this.#note()
    noted.turns += 1
    if (noted.turns > MAX_TURNS) return addOnce(noted.over, 'timers and answers')
    const list = (noted.part.turns ??= [])
    list[list.length] = [key, Math.round((clock() - this.#began) * 1_000) / 1_000]
  }

  /**
   * Gives an outgoing call its number; `undefined` when there were too many.
   * @param state says what is known of it, when the trace leaves
   */
  beginCall(state: State): number | undefined {
    const { open, over } = this.#note()
    const number = open.length
    if (number < MAX_CALLS) open[number] = state
    else addOnce(over, 'outgoing calls')
    return number < MAX_CALLS ? number : undefined
  }

  /** The outgoing call is answered, or has failed. */
  endCall(number: number): void {
    const { open, answered } = this.#note()
    const state = open[number]
    if (!state || this.#call.done) return
    open[number] = undefined
    answered[answered.length] = state
    this.#sendIfKept()
  }

  nextHostCall(): number | undefined {
    const noted = this.#note()
    if (noted.hostCalls === MAX_CALLS) addOnce(noted.over, 'calls of the platform')
    return noted.hostCalls === MAX_CALLS ? undefined : noted.hostCalls++
  }

  addHostCall(one: RecordedHostCall): void {
    if (this.#call.done) return
    const list = (this.#note().part.hostCalls ??= [])
    list[list.length] = one
    this.#sendIfKept()
  }

  /** Sends what was not sent yet, if anything. At the end an outgoing call without an answer is stated as far as it came. */
  send(isEnd: boolean): void {
    const noted = this.#noted
    if (!noted) return
    const { answered } = noted
    const calls = stateCalls(noted, isEnd)
    // The runtime may load a part of itself for a hash, and run the function meanwhile: then all of this has left already.
    if (noted.answered !== answered) return
    const text = stringify(takePart(noted, calls, isEnd))
    if (
      fits(text, MAX_TRACE_FRAME_BYTES) &&
      noted.sentCharacters + text.length <= MAX_TRACE_BYTES
    ) {
      noted.sentCharacters += text.length
      this.#queue(text)
      return
    }
    addOnce(noted.over, 'bytes')
    if (isEnd) this.#queue(stringify({ startedAt: this.#call.startedAt, over: noted.over }))
  }

  #queue(text: string): void {
    queueFrame(FRAME.TRACE, this.#call.id, this.#call.key, text)
  }

  #sendIfKept(): void {
    if (!this.keeps) return
    this.send(false)
    // At once: what follows may never end.
    flush()
  }

  #note(): Noted {
    return (this.#noted ??= {
      part: { startedAt: this.#call.startedAt },
      draws: [],
      open: [],
      answered: [],
      hostCalls: 0,
      turns: 0,
      reads: 0,
      drawnBytes: 0,
      sentCharacters: 0,
      over: [],
    })
  }
}

// The code of functions may have spoilt what arrays inherit: they are read and filled by index below.

function takePart(noted: Noted, calls: RecordedCall[], isEnd: boolean): TracePart {
  const { part } = noted
  noted.part = {}
  noted.answered = []
  if (calls.length > 0) part.calls = calls
  const draws = takeDraws(noted)
  if (draws.length > 0) part.draws = draws
  if (isEnd && noted.over.length > 0) part.over = noted.over
  return part
}

function stateCalls({ answered, open, over }: Noted, isEnd: boolean): RecordedCall[] {
  const stated: RecordedCall[] = []
  const take = (state: State | undefined) => {
    try {
      if (state) stated[stated.length] = state()
    } catch {
      // The code of the function has changed the request so that it cannot be read.
      addOnce(over, 'requests')
    }
  }
  for (let at = 0; at < answered.length; at += 1) take(answered[at])
  for (let number = 0; isEnd && number < open.length; number += 1) take(open[number])
  return stated
}

function takeDraws(noted: Noted): NonNullable<TracePart['draws']> {
  const { draws } = noted
  noted.draws = []
  const stated: NonNullable<TracePart['draws']> = []
  for (let at = 0; at < draws.length; at += 1) {
    const { kind, bytes } = draws[at] as Noted['draws'][number]
    stated[at] = [kind, from(bytes).toString('base64')]
  }
  return stated
}

function addOnce(list: string[], what: string): void {
  for (let at = 0; at < list.length; at += 1) if (list[at] === what) return
  list[list.length] = what
}
