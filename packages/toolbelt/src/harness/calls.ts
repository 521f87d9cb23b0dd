import { asyncValue } from './async-value.ts'
import { placeHere } from './call-site.ts'
import { classify, type Verdict } from './failure.ts'
import { readInput } from './input.ts'
import { loggable, messageOf, toJson } from './json.ts'
import { limitMessage, takeLine, writeNote } from './log.ts'
import type { Logged, LogLine } from './logged.ts'
import { outbox, writeSoon } from './outbox.ts'
import { FRAME, type FailureBody, type LoadBody } from './protocol.ts'
import { fits, queueFrame } from './wire.ts'

export type Lambda = (input: unknown, callback?: Callback) => unknown
type Callback = (error?: unknown, result?: unknown) => void

const current = asyncValue<Logged>('call')
/** The call that the running code belongs to. */
export const currentCall = current.get
const { apply } = Reflect
const { resolve } = Promise
const { then } = Promise.prototype
const { stringify } = JSON

export interface Loaded {
  lambda: Lambda
  load: LoadBody
  stackOf: (error: Error) => string
  /** Entries written while the module was evaluated; they belong to the first call. */
  early: LogLine[]
}

/** Runs one call. Exactly one answer leaves, whatever the function does. */
export function startCall(loaded: Loaded, call: Logged, text: string | undefined): void {
  outbox.isUsed = true
  outbox.running += 1
  outbox.only = outbox.running === 1 ? call : undefined
  for (const line of loaded.early.splice(0)) takeLine(call, line)
  const read = readInput(text, call.startedAt)
  if ('problem' in read) {
    return answerFailure(call, loaded.load, {
      body: { failure: 'bad-input', message: read.problem },
    })
  }
  current.run(call, () => runLambda(loaded, call, read.input))
}

// The functions that a call makes have no names here: the bundler would set the name of each at every call (`keepNames`).

function runLambda(loaded: Loaded, call: Logged, input: unknown): void {
  const { lambda, load } = loaded
  /** The first callback counts, also while the promise that it delivers is still at work. */
  let isDelivered = false
  try {
    if (load.delivers === 'callback') {
      const returned = lambda(input, (error, result) => {
        if (isDelivered) return
        isDelivered = true
        if (error !== undefined && error !== null) return answerThrown(loaded, call, error)
        if (!isThenable(result)) return answerValue(call, load, result)
        // As the published runner does: the value of a promise is the result.
        follow(
          result,
          (value) => answerValue(call, load, value),
          (failure) => answerThrown(loaded, call, failure),
        )
      })
      if (isThenable(returned)) {
        follow(returned, undefined, (error) => isDelivered || answerThrown(loaded, call, error))
      }
      return
    }
    const returned = lambda(input)
    if (!isThenable(returned)) return answerValue(call, load, returned)
    follow(
      returned,
      (value) => answerValue(call, load, value),
      (error) => answerThrown(loaded, call, error),
    )
  } catch (error) {
    if (!isDelivered) answerThrown(loaded, call, error)
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value
}

function follow(
  value: unknown,
  onValue: ((value: unknown) => void) | undefined,
  onError: (error: unknown) => void,
): void {
  void apply(then, apply(resolve, Promise, [value]), [onValue, onError])
}

function answerValue(call: Logged, load: LoadBody, value: unknown): void {
  if (call.done) return
  let text: string | undefined
  try {
    text = toJson(value)
  } catch (error) {
    return refuse(call, load, messageOf(error, 'The result is no JSON'))
  }
  if (text === undefined && value !== undefined) {
    return refuse(call, load, `The result is no JSON but a ${typeof value}`)
  }
  if (text !== undefined && !fits(text, load.resultBytes)) {
    return refuse(call, load, tooLarge('result', load))
  }
  if (call.overLimit && !call.keepsDebug) {
    const message = limitMessage(call)
    const { overLimitAt: at = '' } = call
    return answerFailure(call, load, { body: { failure: 'log-limit-reached', message, at } })
  }
  end(call, false)
  if (text === undefined) queueFrame(FRAME.RESULT_VOID, call.id, call.key, '')
  else queueFrame(FRAME.RESULT, call.id, call.key, text)
  writeSoon()
}

function refuse(call: Logged, load: LoadBody, message: string): void {
  answerFailure(call, load, { body: { failure: 'runtime-exception', message } })
}

function answerThrown({ load, stackOf }: Loaded, call: Logged, thrown: unknown): void {
  answerFailure(call, load, classify(thrown, stackOf))
}

function tooLarge(what: 'result' | 'error', { resultBytes }: LoadBody): string {
  return `The ${what} is larger than ${resultBytes} bytes`
}

/** Entries of the platform do not count against the function's limits. */
function answerFailure(call: Logged, load: LoadBody, { body, note }: Verdict): void {
  if (call.done) return
  if (note && !call.overLimit) writeNote(call, note)
  end(call, true)
  // Without a stack, the place is where the author's code delivers the failure.
  const at = body.stack === undefined && body.at === undefined ? placeHere() : ''
  queueFrame(
    FRAME.FAILURE,
    call.id,
    call.key,
    failureText(at === '' ? body : { ...body, at }, load),
  )
  writeSoon()
}

function failureText(body: FailureBody, load: LoadBody): string {
  const { failure } = body
  try {
    const text = toJson(sayable(body))
    if (text !== undefined && fits(text, load.resultBytes)) return text
    return stringify({ failure, message: tooLarge('error', load) })
  } catch {
    // Written by hand: the function may have spoilt what makes JSON of objects.
    return `{"failure":"${failure}","message":"The function failed with a value that is no JSON"}`
  }
}

/** Makes sure that a failure has a message: JSON leaves out values that it cannot represent. */
function sayable(body: FailureBody): FailureBody {
  return { ...body, message: loggable(body.message) }
}

/** Ends a replay that waits for what never comes, or longer than a function may run. */
export function endReplayLate(call: Logged, load: LoadBody): void {
  const message = 'Lambda Execution is taking too long'
  answerFailure(call, load, { body: { failure: 'executiontime-exceeded', message, at: '' } })
}

function end(call: Logged, failed: boolean): void {
  call.done = true
  outbox.running -= 1
  const { live, replay } = call
  if (live && (failed || live.keeps)) live.send(true)
  replay?.end()
}

/** Answers a call of a version that could not be loaded. */
export function refuseCall(call: Logged, early: LogLine[], body: FailureBody): void {
  for (const line of early) takeLine(call, line)
  queueFrame(FRAME.FAILURE, call.id, call.key, stringify({ ...sayable(body), unusable: true }))
  writeSoon()
}

/** Answers a probe whether the version can be loaded. */
export function answerProbe(call: Logged): void {
  queueFrame(FRAME.RESULT_VOID, call.id, call.key, '')
  writeSoon()
}

/** An error that nothing caught, in a timer or a promise: the failure of the call that it belongs to. */
export function failUncaught(thrown: unknown, { load, stackOf }: Loaded): void {
  const call = currentCall() ?? outbox.only
  if (!call || call.done) return
  const { body } = classify(thrown, stackOf)
  answerFailure(call, load, { body: { ...body, failure: 'runtime-exception' } })
}
