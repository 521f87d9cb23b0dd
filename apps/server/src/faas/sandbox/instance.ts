import { type Monotonic, PassingMap } from '#base/kernel'
import { type Child, whyDied } from './child.ts'
import {
  type ArrivedFrame,
  callHead,
  frameHead,
  frameReader,
  freshKey,
  hasKey,
  openFrameQueue,
  seedOf,
} from './frames.ts'
import { FRAME, type LoadBody } from '@parley/toolbelt/protocol'
import { type HostCallPort, openHostCalls } from './open-host-calls.ts'
import { openPulse } from './pulse.ts'
import {
  type CallEnd,
  type InstanceCall,
  noteEntry,
  noteOutgoing,
  noteTrace,
  readEnd,
  type Running,
} from './read.ts'

type DeathListener = (death: { reason: string; expected: boolean }) => void

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
  /** It does not answer a `ping`, and a new call would only wait. */
  readonly isComputing: boolean
  readonly child: Child
  load(body: LoadBody): void
  call(call: InstanceCall): void
  onDeath(take: DeathListener): void
  /** Host calls are answered by this port. */
  serveHostCalls(port: HostCallPort): void
  /** False when it was frozen already, or has work. */
  freeze(): boolean
  /** Checks that its event loop turns; one check at a time. */
  ping(): void
  /** From here on no time passes for its calls, until `release`. */
  hold(): void
  release(): void
  /** Ends the process whatever runs in it. */
  kill(reason: string): void
}

const NOT_OURS = 'a frame that is no answer of ours'
const STUCK = 'stuck after a time limit'
/** Replies that wait in this process because the instance does not read them. */
const MAX_UNREAD_BYTES = 33_554_432
/** A call that only computes ends after so many of its time limits, however little the process could run. */
const MAX_STRETCH = 10
/** Reasons of a death that the running call did not cause. */
const NOT_ITS_FAULT = new Set([STUCK, 'ended'])

export interface InstanceDeps {
  monotonic: Monotonic
  maxFrameBytes: number
}

function finish(call: Running, how: CallEnd): void {
  const { head, trace, parts = [] } = call
  const isKept = trace && (trace.keeps || how.kind !== 'result')
  call.end(how, isKept ? { seed: seedOf(head), parts } : undefined)
}

/** Runs one process: sends and reads frames, and enforces the time limit of every call. `ready` resolves when it has booted. */
export function openInstance(
  deps: InstanceDeps,
  child: Child,
): { instance: Instance; ready: Promise<void> } {
  const { monotonic } = deps
  const running = new PassingMap<number, Running>()
  let onDeath: DeathListener | undefined
  let hostCallPort: HostCallPort | undefined
  let lastCall = 0
  let isAlive = true
  let frozen = false
  let killed: string | undefined
  let idleSince = monotonic.now()
  /** Of frames that belong to the instance, not to a call: sent when it is given its function. */
  let loadKey: Buffer | undefined
  let unreadBytes = 0
  let timer: Disposable | undefined
  let timerAt = Infinity
  /** Since when no time passes for its calls. */
  let heldAt: number | undefined
  let isReady = false
  const readiness = Promise.withResolvers<void>()
  // Later deaths reject it too, when nothing awaits it any more.
  readiness.promise.catch(() => undefined)

  const queue = openFrameQueue(monotonic, (bytes) => isAlive && child.write(bytes))
  const { send } = queue
  const pulse = openPulse({ monotonic, child, send })

  const hostCalls = openHostCalls({
    port: () => hostCallPort,
    fault: () => kill(NOT_OURS),
    send(...parts) {
      // What the instance has not read of replies is at most what it has not read at all.
      unreadBytes = Math.min(unreadBytes, child.unwrittenBytes() + queue.bytes)
      for (const { length } of parts) unreadBytes += length
      if (unreadBytes > MAX_UNREAD_BYTES) kill('it does not read what it has asked for')
      else send(...parts)
    },
  })

  function kill(reason: string): void {
    if (!isAlive || killed !== undefined) return
    killed = reason
    child.kill()
  }

  function armTimer(deadline: number): void {
    if (deadline >= timerAt || heldAt !== undefined) return
    timer?.[Symbol.dispose]()
    timerAt = deadline
    timer = monotonic.after(Math.max(0, deadline - monotonic.now()), checkDeadlines)
  }

  /** The call has ended, and with it what it has asked for. */
  function leave(id: number): void {
    running.delete(id)
    hostCalls.end(id)
  }

  function checkDeadlines(): void {
    timerAt = Infinity
    const now = monotonic.now()
    let next = Infinity
    let isLate = false
    for (const [id, call] of running) {
      if (call.deadline <= now) call.deadline = now + restOf(call, now)
      if (call.deadline > now) {
        next = Math.min(next, call.deadline)
        continue
      }
      isLate = true
      leave(id)
      finish(call, { kind: 'late' })
    }
    if (next !== Infinity) armTimer(next)
    if (isLate) endLate()
  }

  /** Real time says nothing about a call that only computes: on a busy machine its process may hardly have run. */
  function restOf({ usedMs, startedAt, timeLimitMs }: Running, now: number): number {
    const used = usedMs === undefined ? undefined : child.usedMs()
    if (used === undefined || now - startedAt >= MAX_STRETCH * timeLimitMs) return 0
    return Math.max(0, timeLimitMs - (used - (usedMs ?? 0)))
  }

  /** The late call may still run inside, so the process ends: after the other calls if its event loop still turns. */
  function endLate(): void {
    if (running.size === 0) kill('time limit')
    else pulse.expectPong(() => kill(STUCK))
  }

  function take(frame: ArrivedFrame): boolean {
    if (frame.kind === FRAME.READY) {
      // No customer code runs before it, so it needs no key. A second one is not ours.
      if (isReady) return false
      isReady = true
      idleSince = monotonic.now()
      readiness.resolve()
      return true
    }
    if (frame.kind === FRAME.PONG) return pulse.pong(frame)
    if (frame.kind === FRAME.HOST_CALL) return takeHostCall(frame)
    const call = running.get(frame.call)
    // A late answer to an ended call is dropped. An answer to a call that never was is a fault.
    if (!call) return frame.call <= lastCall
    if (!hasKey(frame, call.key)) return false
    if (frame.kind === FRAME.LOG) return noteEntry(call.log, frame.body)
    if (frame.kind === FRAME.TRACE) return noteTrace(call, frame.body)
    if (frame.kind === FRAME.OUTGOING) return noteOutgoing(call.outgoing, frame.body)
    const end = readEnd(frame)
    if (!end) return false
    leave(frame.call)
    if (running.size === 0) idleSince = monotonic.now()
    finish(call, end)
    return true
  }

  function takeHostCall(frame: ArrivedFrame): boolean {
    const { call, body } = frame
    const asking = running.get(call)
    const key = call === 0 ? loadKey : asking?.key
    if (key) return hasKey(frame, key) && hostCalls.take(call, body, asking?.conversationId)
    // The function may not know yet that its call is over.
    return call > 0 && call <= lastCall && hostCalls.refuse(body)
  }

  child.onData((chunk) => {
    if (killed === undefined && !read(chunk)) kill(NOT_OURS)
  })
  const read = frameReader(deps.maxFrameBytes, take)

  child.onDeath((death) => {
    isAlive = false
    timer?.[Symbol.dispose]()
    const reason = killed ?? whyDied(death)
    readiness.reject(new Error(`${reason} ${death.stderr}`.trim()))
    const calls = [...running.values()]
    running.clear()
    hostCalls.endAll()
    const blame = NOT_ITS_FAULT.has(reason)
      ? 'another'
      : calls.length === 1
        ? 'this'
        : 'one of several'
    for (const call of calls) finish(call, { kind: 'died', reason, blame })
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
      return pulse.silentMs
    },
    get isComputing() {
      return pulse.isComputing
    },
    child,
    onDeath(take) {
      onDeath = take
    },
    serveHostCalls(port) {
      hostCallPort = port
    },
    load(body) {
      const bytes = Buffer.from(JSON.stringify(body))
      loadKey = freshKey()
      send(frameHead(FRAME.LOAD, 0, loadKey, 0, bytes.length), bytes)
    },
    call(call) {
      const wasFrozen = frozen
      frozen = false
      if (wasFrozen) child.thaw()
      lastCall += 1
      const key = freshKey()
      const head = callHead(lastCall, key, call, wasFrozen)
      const now = monotonic.now()
      if (running.size === 0) pulse.restart()
      const deadline = now + call.timeLimitMs
      const usedMs = call.onlyComputes ? child.usedMs() : undefined
      running.set(lastCall, {
        ...call,
        key,
        head,
        parts: undefined,
        startedAt: now,
        deadline,
        usedMs,
      })
      armTimer(deadline)
      if (call.replay) {
        const bytes = Buffer.from(JSON.stringify(call.replay))
        send(frameHead(FRAME.REPLAY, lastCall, key, 0, bytes.length), bytes)
      }
      send(head, call.body)
    },
    freeze() {
      if (frozen || !isAlive || running.size > 0) return false
      frozen = true
      child.freeze()
      return true
    },
    hold() {
      heldAt ??= monotonic.now()
      timer?.[Symbol.dispose]()
      timerAt = Infinity
    },
    release() {
      if (heldAt === undefined) return
      const heldMs = monotonic.now() - heldAt
      heldAt = undefined
      for (const call of running.values()) {
        call.deadline += heldMs
        armTimer(call.deadline)
      }
    },
    ping: pulse.ping,
    kill,
  }
  return { instance, ready: readiness.promise }
}
