import { AsyncLocalStorage } from 'node:async_hooks'
import { seededRandom } from './prng.ts'
import {
  FRAME,
  KEY_BYTES,
  type RecordedCall,
  type RecordedHostCall,
  type ReplayBody,
  SERVICE_LOOK_UP,
  type TracePart,
} from './protocol.ts'
import { requestKey } from './recorded-body.ts'
import { statedHostCall } from './recorded-host-call.ts'
import type { ReplayedRequest, ReplaySocket } from './replay-socket.ts'
import { type CallTrace, timerKeys } from './trace.ts'
import { forgetVirtualTimers, VirtualTimer } from './virtual-timers.ts'
import { queueFrame } from './wire.ts'

const { stringify } = JSON
const later = setImmediate
const startReal = setTimeout
const stopReal = clearTimeout

/** Turns of the event loop in which code may go on before the next event of the recording happens. */
const SETTLING_TURNS = 3
/** Real time that work of the runtime may take before nothing is expected of it. */
const IDLE_MS = 2_000
/** Real time that a recorded event is waited for before another one comes first; and in all. */
const PATIENCE_MS = 20
const MAX_WAITS = 5
const MAX_STATED = 200

interface NewTimer {
  key: string
  delayMs: number
  repeats: boolean
  run(): void
}

interface Happening {
  key: string
  /** Virtual ms since the start of the call. */
  at: number
  run(): void
}

/** The replay of one call: time, chance and the world outside are what they were. */
export interface Replay {
  readonly trace: CallTrace
  startTimer(timer: NewTimer): VirtualTimer
  /** Answers a request that is complete. */
  answer(request: ReplayedRequest, socket: ReplaySocket): void
  /** @param ask asks the platform: what a replay is told of secrets is what they are now */
  hostCall(kind: string, args: unknown, ask: () => Promise<unknown>): Promise<unknown>
  /** To be called when its call has ended: says so when nothing of it is left behind. */
  end(): void
  /** Counts work that the recording does not know, so that nothing else happens before it is done. */
  busy<T>(work: Promise<T>): Promise<T>
}

interface ReplayedCall {
  readonly id: number
  /** Its key, and behind it its seed. */
  readonly key: Uint8Array
  readonly done: boolean
}

interface ReplayDeps {
  /** Ends the call as one that takes too long. */
  endLate(): void
  /** Whether what all code of the process finds is as it was. */
  isClean(): boolean
}

export function openReplay(
  call: ReplayedCall,
  body: ReplayBody,
  { endLate, isClean }: ReplayDeps,
): Replay {
  const { turns = [], calls = [], hostCalls = [], mode, timeLimitMs } = body
  const waiting: Happening[] = []
  const unusedCalls = [...calls]
  const unusedHostCalls = [...hostCalls]
  const keys = timerKeys()
  const trace = replayTrace(body, seededRandom(call.key, KEY_BYTES), () => virtual)
  let at = 0
  let virtual = 0
  let busy = 0
  let waits = 0
  let stated = 0
  let isScheduled = false
  let idle: ReturnType<typeof startReal> | undefined
  forgetVirtualTimers()
  wake()

  function wake(): void {
    stopReal(idle)
    if (isScheduled) return
    isScheduled = true
    settle(0)
  }

  function settle(turned: number): void {
    if (turned < SETTLING_TURNS) later(() => settle(turned + 1))
    else {
      isScheduled = false
      step()
    }
  }

  function step(): void {
    if (call.done || busy > 0) return
    if (waiting.length === 0) {
      idle = startReal(() => !call.done && endLate(), IDLE_MS)
      return
    }
    const expected = waiting.find(({ key }) => key === turns[at]?.[0])
    if (!expected && at < turns.length && waits < MAX_WAITS) {
      waits += 1
      idle = startReal(wake, PATIENCE_MS)
      return
    }
    happen(expected ?? earliest())
  }

  /** Where the recording knows a happening from now on. */
  function placeOf({ key }: Happening): number {
    return key === '' ? -1 : turns.findIndex((one, place) => place >= at && one[0] === key)
  }

  function timeOf(happening: Happening): number {
    const place = placeOf(happening)
    return place < 0 ? happening.at : (turns[place]?.[1] ?? happening.at)
  }

  function earliest(): Happening {
    return waiting.reduce((first, one) => (timeOf(one) < timeOf(first) ? one : first))
  }

  function happen(next: Happening): void {
    const place = placeOf(next)
    virtual = Math.max(virtual, timeOf(next))
    if (virtual > timeLimitMs) return endLate()
    if (place >= 0) at = place + 1
    waiting.splice(waiting.indexOf(next), 1)
    next.run()
    wake()
  }

  function expect(key: string, after: number, run: () => void): Happening {
    // Code runs as what has started it: the call, and what the code itself keeps in such storage.
    const inContext = AsyncLocalStorage.snapshot()
    const happening = { key, at: virtual + after, run: () => inContext(run) }
    waiting.push(happening)
    wake()
    return happening
  }

  function drop(happening: Happening | undefined): void {
    const place = happening ? waiting.indexOf(happening) : -1
    if (place >= 0) waiting.splice(place, 1)
  }

  function state(part: TracePart): void {
    stated += 1
    if (!call.done && stated <= MAX_STATED) {
      queueFrame(FRAME.TRACE, call.id, call.key, stringify(part))
    }
  }

  function take<Recorded extends RecordedCall | RecordedHostCall>(
    unused: Recorded[],
    fits: ((one: Recorded) => boolean)[],
  ): Recorded | undefined {
    for (const fit of mode === 'recorded' ? fits : []) {
      const place = unused.findIndex(fit)
      if (place >= 0) return unused.splice(place, 1)[0]
    }
    return undefined
  }

  return {
    trace: { ...trace, timerKey: keys },
    startTimer({ key, delayMs, repeats, run }) {
      let happening: Happening | undefined
      const start = () => {
        drop(happening)
        happening = expect(key, delayMs, () => {
          if (repeats) start()
          else timer.close()
          run()
        })
      }
      const timer = new VirtualTimer(() => drop(happening), start)
      start()
      return timer
    },
    answer({ method, url, body: sent }, socket) {
      const key = requestKey(method, url, sent)
      const number = calls.length - unusedCalls.length
      state({ calls: [{ number, method, url, key, ...(sent && { request: sent }) }] })
      const found = take(unusedCalls, [
        (one) => one.key === key,
        (one) => one.method === method && addressOf(one.url) === addressOf(url),
      ])
      if (!found) return void expect('', 0, () => socket.refuse(`${method} ${url}`))
      const { number: known, status, failed, answer } = found
      if (failed && status === undefined) {
        // The function itself has ended this call: it does so again.
        if (failed.name === 'AbortError' || failed.name === 'TimeoutError') return
        return void expect(`c${known}`, 0, () => socket.fail(failed))
      }
      if (status === undefined) return
      expect(`c${known}`, 0, () => {
        const isKept = answer?.hash === undefined
        if (!isKept) return socket.refuse(`The answer of ${method} ${url} was not kept: it`)
        socket.sendHead(found)
        expect(`e${known}`, 0, () => (failed ? socket.fail(failed) : socket.sendBody()))
      })
    },
    async hostCall(kind, args, ask) {
      const asked = statedHostCall(kind, args)
      state({ hostCalls: [{ number: hostCalls.length - unusedHostCalls.length, ...asked }] })
      const found = take(unusedHostCalls, [(one) => one.key === asked.key])
      if (kind === 'secret.read') {
        busy += 1
        const settled = await ask().then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        )
        busy -= 1
        return happenAs(found, () => {
          if ('error' in settled) throw settled.error
          return settled.value
        })
      }
      if (kind === SERVICE_LOOK_UP && !found) return whileBusy(ask())
      return happenAs(found, () => {
        if (!found) throw notRecorded(`The platform's answer to ${kind} is not in the recording`)
        if (found.error) throw Object.assign(new Error(found.error.message), found.error)
        if (found.bytes !== undefined) {
          throw notRecorded(`The platform's answer to ${kind} was too long to be kept`)
        }
        return found.value
      })
    },
    end() {
      const part: TracePart = { isClean: true }
      if (busy === 0 && isClean()) queueFrame(FRAME.TRACE, call.id, call.key, stringify(part))
    },
    busy: whileBusy,
  }

  async function whileBusy<T>(work: Promise<T>): Promise<T> {
    busy += 1
    try {
      return await work
    } finally {
      busy -= 1
      wake()
    }
  }

  function happenAs(found: RecordedHostCall | undefined, make: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      expect(found ? `h${found.number}` : '', 0, () => {
        try {
          resolve(make())
        } catch (error) {
          reject(error as Error)
        }
      })
    })
  }
}

function notRecorded(message: string): Error {
  return Object.assign(new Error(message), { code: 'replay_blocked' })
}

/** An address without its query. */
function addressOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}

/**
 * Time and chance of a replay: what was read and drawn, in its order.
 * @param time virtual ms since the start, for a reading that the recording does not have
 */
export function replayTrace(
  { startedAt, draws = [], reads = [] }: ReplayBody,
  random: () => number,
  time: () => number,
): CallTrace {
  const drawn = new Map<string, Uint8Array[]>()
  for (const [kind, bytes] of draws) {
    const list = drawn.get(kind) ?? []
    drawn.set(kind, [...list, Buffer.from(bytes, 'base64')])
  }
  let last = 0
  let pair = 0
  let used = 0
  return {
    read() {
      while (pair < reads.length && used >= (reads[pair + 1] ?? 0)) {
        pair += 2
        used = 0
      }
      used += 1
      last = reads[pair] ?? Math.max(last, Math.floor(time()))
      return startedAt + last
    },
    random,
    draw: (kind, make) => drawn.get(kind)?.shift() ?? make(),
    timerKey: timerKeys(),
    turn: () => undefined,
  }
}
