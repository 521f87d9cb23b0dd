// First: what it takes is replaced below.
import './system-time.ts'
import { createModules } from '@parley/toolbelt'
import { callHost, keepInstanceKey, takeReply } from './host-calls.ts'
import {
  answerProbe,
  currentCall,
  endReplayLate,
  failUncaught,
  type Loaded,
  refuseCall,
  startCall,
} from './calls.ts'
import { findSitesWith } from './call-site.ts'
import { now, setClockOffset, watchClock } from './clock.ts'
import { installConsole } from './console.ts'
import { installEgress } from './egress.ts'
import { classify } from './failure.ts'
import { readStacksWith } from './json.ts'
import { loadLambda } from './load.ts'
import { takeLine } from './log.ts'
import type { Logged, LogLine } from './logged.ts'
import { outbox, written } from './outbox.ts'
import {
  CALL_AFTER_PAUSE,
  CALL_BODY_BYTES_AT,
  CALL_IS_TRACED,
  CALL_KEEPS_TRACE,
  CALL_SEED_AT,
  CALL_IS_PROBE,
  CALL_KEEPS_DEBUG,
  CALL_LOG_CHARACTERS_AT,
  CALL_LOG_ENTRIES_AT,
  CALL_PREFIX_BYTES,
  FRAME,
  SEED_BYTES,
} from './protocol.ts'
import type { FailureBody, LoadBody, ReplayBody } from './protocol.ts'
import { installRandom } from './random.ts'
import { openReplay, replayTrace } from './replay.ts'
import { setReplay } from './replay-world.ts'
import { stackReader } from './stack.ts'
import { strip } from './strip.ts'
import { guardTimers } from './timers.ts'
import { type CallTrace, copySeed, liveTrace } from './trace.ts'
import {
  copyKey,
  type Frame,
  NO_KEY,
  queueFrame,
  readF64,
  readFrames,
  strictTextOf,
  textOf,
} from './wire.ts'

const MAX_EARLY_LINES = 20
const { parse } = JSON

const egress = installEgress()
const require = createModules({ call: callHost })
let loaded: Loaded | undefined
let unusable: FailureBody | undefined
const early: LogLine[] = []

function log(level: LogLine['level'], message: string, extras: unknown[] = []): void {
  const call = currentCall() ?? outbox.only
  if (call && loaded) takeLine(call, { level, message, extras })
  // Output of no known call must not become part of the next call.
  else if (!outbox.isUsed && early.length < MAX_EARLY_LINES) early.push({ level, message, extras })
}

installConsole(log)
// An uncaught error must not end the process: another call may be running in it.
globalThis.addEventListener('error', (event) => {
  event.preventDefault()
  uncaught(event.error)
})
globalThis.addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  uncaught(event.reason)
})
guardTimers(uncaught)
installRandom()

function uncaught(thrown: unknown): void {
  if (loaded) failUncaught(thrown, loaded)
}

strip(log)

function takeLoad({ body, key }: Frame): void {
  keepInstanceKey(key)
  const load = parse(textOf(body)) as LoadBody
  const stackOf = stackReader(load.name, load.lineOffset, load.sourceUrl === undefined)
  setClockOffset(load.clockOffset)
  egress.open(load.egress)
  findSitesWith(stackOf, load.name)
  readStacksWith(stackOf)
  try {
    loaded = { lambda: loadLambda(load, require), load, stackOf, early }
  } catch (error) {
    unusable = { ...classify(error, stackOf).body, failure: 'runtime-exception' }
  }
}

let replayed: { call: number; body: ReplayBody } | undefined
let watches = false

/** Records the call, or gives it what was recorded. */
function traceCall(call: Logged, body: Uint8Array, flags: number): void {
  const of = replayed?.call === call.id ? replayed.body : undefined
  replayed = undefined
  if (!of && (flags & CALL_IS_TRACED) === 0) return
  if (!watches) watchClock((at) => currentCall()?.trace?.read(at) ?? at)
  watches = true
  const seed = copySeed(new Uint8Array(body.buffer, body.byteOffset + CALL_SEED_AT, SEED_BYTES))
  const bodyBytes = readF64(body, CALL_BODY_BYTES_AT)
  const keeps = of !== undefined || (flags & CALL_KEEPS_TRACE) !== 0
  const startedAt = now()
  call.startedAt = of?.startedAt ?? startedAt
  call.keepsTrace = keeps
  if (!of || of.mode === 'allowed') {
    const live = liveTrace(call, { startedAt, seed, bodyBytes, keeps })
    call.live = live
    call.trace = of ? { ...live, ...againAt(of, seed, startedAt) } : live
    return
  }
  const replay = openReplay(call, of, seed, () => loaded && endReplayLate(call, loaded.load))
  call.trace = replay.trace
  call.replay = replay
  egress.closeKept()
  setReplay({ replay, bodyBytes })
}

/** Time and chance of a replay whose calls are let out: it begins when the recorded call began, and real time goes on. */
function againAt(of: ReplayBody, seed: Uint8Array, startedAt: number): Partial<CallTrace> {
  const { draw } = replayTrace(of, seed, () => 0)
  return { draw, read: (at) => at - startedAt + of.startedAt }
}

function takeCall({ call: id, key, body }: Frame): void {
  setClockOffset(readF64(body, 0))
  const flags = body[8] ?? 0
  const keepsDebug = (flags & CALL_KEEPS_DEBUG) !== 0
  const isProbe = (flags & CALL_IS_PROBE) !== 0
  if ((flags & CALL_AFTER_PAUSE) !== 0) egress.closeKept()
  const call: Logged = {
    id,
    key: copyKey(key),
    keepsDebug,
    mostEntries: readF64(body, CALL_LOG_ENTRIES_AT),
    mostCharacters: readF64(body, CALL_LOG_CHARACTERS_AT),
    done: false,
    entries: 0,
    characters: 0,
    overLimit: false,
    outgoing: 0,
  }
  if (!isProbe) traceCall(call, body, flags)
  const text = strictTextOf(
    new Uint8Array(
      body.buffer,
      body.byteOffset + CALL_PREFIX_BYTES,
      body.length - CALL_PREFIX_BYTES,
    ),
  )
  if (loaded && isProbe) answerProbe(call)
  else if (loaded) startCall(loaded, call, text)
  else refuseCall(call, early, unusable ?? { failure: 'runtime-exception', message: 'Not loaded' })
}

function takeFrame(frame: Frame): void {
  if (frame.kind === FRAME.CALL) takeCall(frame)
  else if (frame.kind === FRAME.REPLY) takeReply(frame)
  else if (frame.kind === FRAME.LOAD) takeLoad(frame)
  else if (frame.kind === FRAME.REPLAY) {
    replayed = { call: frame.call, body: parse(textOf(frame.body)) as ReplayBody }
  } else if (frame.kind === FRAME.PING) {
    queueFrame(FRAME.PONG, 0, frame.key, '')
    written()
  }
}

queueFrame(FRAME.READY, 0, NO_KEY, '')
written()
void readFrames(takeFrame)
