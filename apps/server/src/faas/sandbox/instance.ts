import type { Monotonic } from '#base/kernel'
import { type Child, whyDied } from './child.ts'
import { type ArrivedFrame, frameHead, frameReader, freshKey, hasKey, NO_KEY } from './frames.ts'
import {
  CALL_AFTER_PAUSE,
  CALL_IS_PROBE,
  CALL_KEEPS_DEBUG,
  CALL_LOG_CHARACTERS_AT,
  CALL_LOG_ENTRIES_AT,
  CALL_PREFIX_BYTES,
  FRAME,
  HEADER_BYTES,
  type LoadBody,
  MAX_HOST_CALL_BYTES,
  MAX_OPEN_HOST_CALLS,
  REPLY_PREFIX_BYTES,
} from '@parley/toolbelt/protocol'
import { noteOutgoing, readFailure, readHostCall, readLogEntry } from './read.ts'
import type { FailureBody } from '@parley/toolbelt/protocol'
import type { LogEntry, OutgoingCall } from './types.ts'

/** What ended a call. */
export type CallEnd =
  | { kind: 'result'; bytes: Uint8Array | undefined }
  | { kind: 'failure'; failure: FailureBody }
  /** Over its time limit. */
  | { kind: 'late' }
  /** The instance died during the call. */
  | { kind: 'died'; reason: string; blame: 'this' | 'one of several' | 'another' }

interface InstanceCall {
  body: Uint8Array
  keepsDebug: boolean
  isProbe: boolean
  clockOffset: number
  timeLimitMs: number
  logEntries: number
  logCharacters: number
  logs: LogEntry[]
  outgoing: OutgoingCall[]
  /** Called exactly once. */
  end(how: CallEnd): void
}

interface Running extends InstanceCall {
  key: Buffer
  startedAt: number
  deadline: number
}

type DeathListener = (death: { reason: string; expected: boolean }) => void
type HostCallListener = (kind: string, args: unknown) => Promise<unknown>

export interface Instance {
  readonly inFlight: number
  readonly isAlive: boolean
  readonly isFrozen: boolean
  /** Real time at which the last call ended, or at which it had booted. */
  readonly idleSince: number
  /** Real time at which the oldest of the running calls began. */
  readonly busySince: number
  /** Since when a `ping` is unanswered, in ms; 0 when none is. */
  readonly silentMs: number
  readonly child: Child
  load(body: LoadBody): void
  call(call: InstanceCall): void
  onDeath(take: DeathListener): void
  onHostCall(take: HostCallListener): void
  /** False when it was frozen already, or has work. */
  freeze(): boolean
  /** Checks that its event loop turns; one check at a time. */
  ping(): void
  /** Ends the process whatever runs in it. */
  kill(reason: string): void
}

/** Above every limit that an account can have. The harness enforces the account's limits. */
const MAX_LOG_ENTRIES = 1_010
const MAX_LOG_BYTES = 262_144
/** A busy instance that does not answer a ping for so long counts as stuck. */
const PONG_MS = 40
const STUCK = 'stuck after a time limit'
/** Reasons of a death that the running call did not cause. */
const NOT_ITS_FAULT = new Set([STUCK, 'ended'])

export interface InstanceDeps {
  monotonic: Monotonic
  maxFrameBytes: number
}

/** Runs one process: sends and reads frames, and enforces the time limit of every call. `ready` resolves when it has booted. */
export function openInstance(
  deps: InstanceDeps,
  child: Child,
): { instance: Instance; ready: Promise<void> } {
  const { monotonic } = deps
  const running = new Map<number, Running>()
  let onDeath: DeathListener | undefined
  let onHostCall: HostCallListener | undefined
  let lastCall = 0
  let isAlive = true
  let frozen = false
  let killed: string | undefined
  let idleSince = monotonic.now()
  let hostCalls = 0
  let timer: Disposable | undefined
  let timerAt = Infinity
  /** When the unanswered ping was sent. */
  let pingedAt: number | undefined
  let queue: Uint8Array[] = []
  const readiness = Promise.withResolvers<void>()
  // Later deaths reject it too, when nothing awaits it any more.
  readiness.promise.catch(() => undefined)

  function flush(): void {
    const bytes = queue.length === 1 ? queue[0] : Buffer.concat(queue)
    queue = []
    if (isAlive && bytes) child.write(bytes as Buffer)
  }

  function send(...parts: Uint8Array[]): void {
    // Everything that is sent in one turn of the event loop leaves in one write.
    if (queue.length === 0) monotonic.afterTurn(flush)
    queue.push(...parts)
  }

  function kill(reason: string): void {
    if (!isAlive || killed !== undefined) return
    killed = reason
    child.kill()
  }

  function armTimer(deadline: number): void {
    if (deadline >= timerAt) return
    timer?.[Symbol.dispose]()
    timerAt = deadline
    timer = monotonic.after(Math.max(0, deadline - monotonic.now()), checkDeadlines)
  }

  function checkDeadlines(): void {
    timerAt = Infinity
    const now = monotonic.now()
    let next = Infinity
    let isLate = false
    for (const [id, call] of running) {
      if (call.deadline > now) {
        next = Math.min(next, call.deadline)
        continue
      }
      isLate = true
      running.delete(id)
      call.end({ kind: 'late' })
    }
    if (next !== Infinity) armTimer(next)
    if (isLate) endLate()
  }

  /** The late call may still run inside, so the process ends: after the other calls if its event loop still turns. */
  function endLate(): void {
    if (running.size === 0) return kill('time limit')
    ping()
    const asked = pingedAt
    monotonic.after(PONG_MS, () => {
      if (pingedAt === asked) kill(STUCK)
    })
  }

  function ping(): void {
    if (pingedAt !== undefined) return
    pingedAt = monotonic.now()
    send(frameHead(FRAME.PING, 0, NO_KEY, 0, 0))
  }

  function silentMs(): number {
    return pingedAt === undefined ? 0 : monotonic.now() - pingedAt
  }

  function take(frame: ArrivedFrame): boolean {
    if (frame.kind === FRAME.READY) {
      idleSince = monotonic.now()
      readiness.resolve()
      return true
    }
    if (frame.kind === FRAME.PONG) {
      pingedAt = undefined
      return true
    }
    if (frame.kind === FRAME.HOST_CALL) return takeHostCall(frame)
    const call = running.get(frame.call)
    // A late answer to an ended call is dropped. An answer to a call that never was is a fault.
    if (!call) return frame.call <= lastCall
    if (!hasKey(frame, call.key)) return false
    if (frame.kind === FRAME.LOG) {
      const entry = frame.body.length > MAX_LOG_BYTES ? undefined : readLogEntry(frame.body)
      if (entry) call.logs.push(entry)
      return entry !== undefined && call.logs.length <= MAX_LOG_ENTRIES
    }
    if (frame.kind === FRAME.OUTGOING) return noteOutgoing(call.outgoing, frame.body)
    const end = readEnd(frame)
    if (!end) return false
    running.delete(frame.call)
    if (running.size === 0) idleSince = monotonic.now()
    call.end(end)
    return true
  }

  function takeHostCall({ call, body }: ArrivedFrame): boolean {
    const hostCall = body.length > MAX_HOST_CALL_BYTES ? undefined : readHostCall(body)
    if (!hostCall || !onHostCall || call > lastCall) return false
    hostCalls += 1
    if (hostCalls > MAX_OPEN_HOST_CALLS) return false
    onHostCall(hostCall.kind, hostCall.args).then(
      (value) => reply(hostCall.number, true, JSON.stringify(value) ?? ''),
      (error: unknown) => reply(hostCall.number, false, JSON.stringify(shownToFunction(error))),
    )
    return true
  }

  function reply(number: number, ok: boolean, text: string): void {
    hostCalls -= 1
    const body = Buffer.from(text)
    const head = frameHead(FRAME.REPLY, 0, NO_KEY, REPLY_PREFIX_BYTES, body.length)
    head.writeUInt32LE(number, HEADER_BYTES)
    head[HEADER_BYTES + 4] = ok ? 1 : 0
    send(head, body)
  }

  child.onData((chunk) => {
    if (killed === undefined && !read(chunk)) kill('a frame that is no answer of ours')
  })
  const read = frameReader(deps.maxFrameBytes, take)

  child.onDeath((death) => {
    isAlive = false
    timer?.[Symbol.dispose]()
    const reason = killed ?? whyDied(death)
    readiness.reject(new Error(`${reason} ${death.stderr}`.trim()))
    const calls = [...running.values()]
    running.clear()
    const blame = NOT_ITS_FAULT.has(reason)
      ? 'another'
      : calls.length === 1
        ? 'this'
        : 'one of several'
    for (const call of calls) call.end({ kind: 'died', reason, blame })
    onDeath?.({ reason, expected: killed === 'ended' })
  })

  const instance: Instance = {
    get inFlight() {
      return running.size
    },
    get isAlive() {
      return isAlive && killed === undefined
    },
    get isFrozen() {
      return frozen
    },
    get idleSince() {
      return idleSince
    },
    get busySince() {
      return running.values().next().value?.startedAt ?? Infinity
    },
    get silentMs() {
      return silentMs()
    },
    child,
    onDeath(take) {
      onDeath = take
    },
    onHostCall(take) {
      onHostCall = take
    },
    load(body) {
      const bytes = Buffer.from(JSON.stringify(body))
      send(frameHead(FRAME.LOAD, 0, NO_KEY, 0, bytes.length), bytes)
    },
    call(call) {
      const wasFrozen = frozen
      frozen = false
      if (wasFrozen) child.thaw()
      lastCall += 1
      const key = freshKey()
      const head = frameHead(FRAME.CALL, lastCall, key, CALL_PREFIX_BYTES, call.body.length)
      head.writeDoubleLE(call.clockOffset, HEADER_BYTES)
      head[HEADER_BYTES + 8] =
        (call.keepsDebug ? CALL_KEEPS_DEBUG : 0) |
        (call.isProbe ? CALL_IS_PROBE : 0) |
        (wasFrozen ? CALL_AFTER_PAUSE : 0)
      head.writeDoubleLE(call.logEntries, HEADER_BYTES + CALL_LOG_ENTRIES_AT)
      head.writeDoubleLE(call.logCharacters, HEADER_BYTES + CALL_LOG_CHARACTERS_AT)
      const now = monotonic.now()
      // A ping from before the instance was idle says nothing about this call.
      if (running.size === 0 && pingedAt !== undefined) pingedAt = now
      const deadline = now + call.timeLimitMs
      running.set(lastCall, { ...call, key, startedAt: now, deadline })
      armTimer(deadline)
      send(head, call.body)
    },
    freeze() {
      if (frozen || !isAlive || running.size > 0) return false
      frozen = true
      child.freeze()
      return true
    },
    ping,
    kill,
  }
  return { instance, ready: readiness.promise }
}

function readEnd(frame: ArrivedFrame): CallEnd | undefined {
  if (frame.kind === FRAME.RESULT) return { kind: 'result', bytes: frame.body }
  if (frame.kind === FRAME.RESULT_VOID) return { kind: 'result', bytes: undefined }
  if (frame.kind !== FRAME.FAILURE) return undefined
  const failure = readFailure(frame.body)
  return failure && { kind: 'failure', failure }
}

function shownToFunction(error: unknown): { code?: string; message: string } {
  if (!(error instanceof Error)) return { message: 'The platform could not answer' }
  const { code } = error as { code?: unknown }
  return typeof code === 'string'
    ? { code, message: error.message }
    : { message: 'The platform could not answer' }
}
