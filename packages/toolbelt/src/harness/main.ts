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
import { readFrames } from './frame-reader.ts'
import { readStacksWith } from './json.ts'
import { compileLambda } from './load.ts'
import { takeLine } from './log.ts'
import type { Logged, LogLine } from './logged.ts'
import { isIdle, outbox, written } from './outbox.ts'
import {
  CALL_AFTER_PAUSE,
  CALL_BODY_BYTES_AT,
  CALL_IS_TRACED,
  CALL_KEEPS_TRACE,
  CALL_IS_PROBE,
  CALL_KEEPS_DEBUG,
  CALL_LOG_CHARACTERS_AT,
  CALL_LOG_ENTRIES_AT,
  CALL_PREFIX_BYTES,
  FRAME,
} from './protocol.ts'
import type { FailureBody, LoadBody, ReplayBody } from './protocol.ts'
import { freshUuid, installRandom } from './random.ts'
import { openReplay, replayTrace } from './replay.ts'
import { setReplay } from './replay-world.ts'
import { type SharedReplays, shareReplays } from './shared-replays.ts'
import { stackReader } from './stack.ts'
import { strip } from './strip.ts'
import { guardTimers } from './timers.ts'
import { type CallTrace, LiveTrace } from './trace.ts'
import {
  copyKey,
  copyKeyAndSeed,
  type Frame,
  NO_KEY,
  queueFrame,
  readF64,
  strictBodyOf,
  textOf,
} from './wire.ts'

const MAX_EARLY_LINES = 20
const { parse } = JSON

const egress = installEgress()
const host = { call: callHost, signsWith }
const require = createModules(host)
let loaded: Loaded | undefined
let shared: SharedReplays | undefined
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

/** A debugger is answered by the event loop. */
let isInspected: boolean | undefined

function takeLoad(frame: Frame): void {
  keepInstanceKey(frame)
  const load = parse(textOf(frame)) as LoadBody
  isInspected = load.sourceUrl !== undefined
  const stackOf = stackReader(load.name, load.lineOffset, load.sourceUrl === undefined)
  setClockOffset(load.clockOffset)
  egress.open(load.egress)
  findSitesWith(stackOf, load.name)
  readStacksWith(stackOf)
  try {
    const evaluate = compileLambda(load)
    if (load.replays) {
      watch()
      shared = shareReplays(host, evaluate)
    }
    const lambda = shared ? shared.evaluate() : evaluate(require)
    loaded = { lambda, load, stackOf, early }
  } catch (error) {
    unusable = { ...classify(error, stackOf).body, failure: 'runtime-exception' }
  }
}

let replayed: { call: number; body: ReplayBody } | undefined
let watches = false

function watch(): void {
  if (!watches) watchClock((at) => currentCall()?.trace?.read(at) ?? at)
  watches = true
}

/** See `ToolbeltHost`. */
function signsWith(): { nonce: string; at: number } | undefined {
  const { live, trace } = currentCall() ?? {}
  return live && trace !== live ? { nonce: freshUuid(), at: now() } : undefined
}

/** Gives a replay the function as if no other replay had run in this process. */
function renew(of: Loaded, replays: SharedReplays): void {
  loaded = undefined
  outbox.isUsed = false
  outbox.only = undefined
  early.length = 0
  try {
    loaded = { ...of, lambda: replays.evaluate() }
  } catch (error) {
    unusable = { ...classify(error, of.stackOf).body, failure: 'runtime-exception' }
  }
}

/** Records the call, or gives it what was recorded. */
function traceCall(call: Logged, { bytes, bodyAt }: Frame, flags: number): void {
  const of = replayed?.call === call.id ? replayed.body : undefined
  replayed = undefined
  if (!of && (flags & CALL_IS_TRACED) === 0) return
  watch()
  const bodyBytes = readF64(bytes, bodyAt + CALL_BODY_BYTES_AT)
  if (!of || of.mode === 'allowed') {
    const live = new LiveTrace(call, bodyBytes, (flags & CALL_KEEPS_TRACE) !== 0)
    call.live = live
    call.trace = of ? traceAgain(call, of, live) : live
    return
  }
  call.startedAt = of.startedAt
  const replay = openReplay(call, of, {
    endLate: () => loaded && endReplayLate(call, loaded.load),
    isClean: () => shared?.isClean() ?? false,
  })
  call.trace = replay.trace
  call.replay = replay
  egress.closeKept()
  setReplay({ replay, bodyBytes })
}

/** Time and chance of a replay whose calls are let out: it begins when the recorded call began, and real time goes on. */
function traceAgain(call: Logged, of: ReplayBody, live: LiveTrace): CallTrace {
  const { startedAt } = call
  call.startedAt = of.startedAt
  const random = () => live.random()
  return {
    ...replayTrace(of, random, () => 0),
    read: (at) => at - startedAt + of.startedAt,
    turn: (key) => live.turn(key),
  }
}

function takeCall(frame: Frame): void {
  const { call: id, bytes, bodyAt } = frame
  setClockOffset(readF64(bytes, bodyAt))
  const flags = bytes[bodyAt + 8] ?? 0
  const keepsDebug = (flags & CALL_KEEPS_DEBUG) !== 0
  const isProbe = (flags & CALL_IS_PROBE) !== 0
  if ((flags & CALL_AFTER_PAUSE) !== 0) egress.closeKept()
  const call: Logged = {
    id,
    key: copyKeyAndSeed(frame),
    keepsDebug,
    mostEntries: readF64(bytes, bodyAt + CALL_LOG_ENTRIES_AT),
    mostCharacters: readF64(bytes, bodyAt + CALL_LOG_CHARACTERS_AT),
    done: false,
    entries: 0,
    characters: 0,
    debugEntries: 0,
    debugCharacters: 0,
    overLimit: false,
    outgoing: 0,
    startedAt: now(),
    trace: undefined,
    live: undefined,
    replay: undefined,
  }
  if (loaded && shared && outbox.isUsed) renew(loaded, shared)
  if (!isProbe) traceCall(call, frame, flags)
  const text = strictBodyOf(frame, CALL_PREFIX_BYTES)
  if (loaded && isProbe) answerProbe(call)
  else if (loaded) startCall(loaded, call, text)
  else refuseCall(call, early, unusable ?? { failure: 'runtime-exception', message: 'Not loaded' })
}

function takeFrame(frame: Frame): void {
  if (frame.kind === FRAME.CALL) takeCall(frame)
  else if (frame.kind === FRAME.REPLY) takeReply(frame)
  else if (frame.kind === FRAME.LOAD) takeLoad(frame)
  else if (frame.kind === FRAME.REPLAY) {
    replayed = { call: frame.call, body: parse(textOf(frame)) as ReplayBody }
  } else if (frame.kind === FRAME.PING) {
    queueFrame(FRAME.PONG, 0, copyKey(frame), '')
    written()
  }
}

readFrames(takeFrame, () => isInspected === false && isIdle())
queueFrame(FRAME.READY, 0, NO_KEY, '')
written()
