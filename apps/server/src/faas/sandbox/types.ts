import type { CallsInReplay, ReplayBody } from '@parley/toolbelt/protocol'
import type { EgressPorts } from '#faas/egress'
import type { Limits } from './limits.ts'

/** One deployed version (or a draft under test) as the sandbox runs it. */
export interface FunctionVersion {
  accountId: string
  functionId: string
  /** Unique per deployment or draft test run: instances are never shared between two of them. */
  deploymentId: string
  /** JavaScript, already compiled from TypeScript. */
  code: string
  /** How the function delivers its result: by the callback, or by the returned (resolved) value. */
  delivers: 'callback' | 'return'
  env: Record<string, string>
  /** How long each of its outgoing calls may take, in place of the sandbox's limit. */
  outgoingMs?: number
  /** Lines that the platform put before the author's first line. Reported positions do not count them. */
  lineOffset?: number
  /** Its instances run replays, one at a time, whose outgoing calls are let out or not. Each finds the function as new. */
  replays?: CallsInReplay
  /** Nobody waits for its calls: they give way to those of others, and leave them booted instances. */
  isPatient?: boolean
  /** Translates the positions in a stack trace to the author's source. Absent when the code is that source. */
  original?(stack: string): string
}

export interface SandboxCall {
  version: FunctionVersion
  invocationId: string
  /** What it invokes belongs to it, too. */
  conversationId?: string | undefined
  /** JSON of `{ timestamp, headers, payload }`; never parsed on this side. */
  body: Uint8Array
  timeLimitMs?: number
  /** It waits for nothing, so its limit is of processor time: in real time a busy machine may take several times as long. */
  onlyComputes?: boolean
  /** It is refused instead of waiting for long while the function has more calls than it can answer. */
  canAskAgain?: boolean
  /** The account's limits, instead of the documented ones. */
  limits?: { logEntries?: number; logCharacters?: number }
  /** Test invocations: `Debug` entries are kept and the log limits warn instead of failing. */
  keepDebug?: boolean
  /** What a replay needs is collected; `keeps`: also for the case that the call succeeds. */
  trace?: { keeps: boolean; bodyBytes: number } | undefined
  /** The version must be one that `replays`. */
  replay?: { body: ReplayBody; seed: Uint8Array; bodyBytes: number }
}

/** What the function's process states about a call, for a replay of it: never a ground for rights or bills. */
export interface CallTrace {
  seed: Uint8Array
  /** JSON of parts of a trace, as they came. */
  parts: Buffer[]
}

/** An instance that is looked into while it runs: it is started for one version and never shared, frozen or evicted. */
export interface InspectedInstance {
  /** More arguments of the runtime. */
  args: readonly string[]
  /** The author's file, by which breakpoints are set. */
  sourceUrl: string
  /** Is called when the process was started. Its time limits stand still between `hold` and `release`. */
  started(instance: { hold(): void; release(): void; readonly isAlive: boolean }): void
}

/** Looks into functions. Only a development server has one. */
export interface SandboxInspector {
  /** How the version's instance is to be started; `undefined` for a version that runs as all others. */
  inspected(version: FunctionVersion): InspectedInstance | undefined
}

export interface LogEntry {
  level: 'Debug' | 'Info' | 'Warn' | 'Error'
  message: string
  extras: unknown[]
  timestamp: number
}

/** An outgoing call as the function's process reports it. Without `ms` it was never answered. */
export interface OutgoingCall {
  host: string
  method: string
  /** `file:line:column` of the call, as the process reports it. */
  calledFrom?: string
  status?: number
  /** Why the proxy refused it. */
  refused?: string
  failed?: string
  ms?: number
}

export type SandboxFailure =
  | 'custom-failure'
  | 'runtime-exception'
  | 'executiontime-exceeded'
  | 'log-limit-reached'
  /** The body was invalid; the function did not run. */
  | 'bad-input'
  | 'unavailable'

/** Why a call did not run, or not to its end. */
export type UnavailableCode = 'queue-full' | 'instance-died' | 'start-failed' | 'closed'

/** Origin of the instance: it ran the function before, waited in the warm pool, or had to be started. */
export type InstanceStart = 'warm' | 'pool' | 'spawn'

export type SandboxOutcome =
  | {
      ok: true
      /** JSON bytes; `undefined` when the function delivered no value. */
      result: Uint8Array | undefined
      logs: LogEntry[]
      /** Of a test: a deployed function may not log so much. */
      isOverLogLimit?: boolean
      outgoing: OutgoingCall[]
      trace?: CallTrace
      durationMs: number
      start: InstanceStart
    }
  | {
      ok: false
      failure: SandboxFailure
      /** The message, or the value itself when the function failed with something that is no error. */
      message: unknown
      /** The function's own code, or for `unavailable` an `UnavailableCode`. */
      errorCode?: string
      stack?: string
      /** `file:line:column` where the failure was delivered, when there is no stack. */
      at?: string
      /** The function did not cause the failure: the same call may be sent again. */
      retryable: boolean
      logs: LogEntry[]
      isOverLogLimit?: boolean
      outgoing: OutgoingCall[]
      trace?: CallTrace
      durationMs: number
      start: InstanceStart
    }

export type ProbeOutcome =
  | { ok: true }
  | {
      ok: false
      failure: SandboxFailure
      message: unknown
      errorCode?: string
      stack?: string
      retryable: boolean
    }

export interface SandboxStats {
  /** Live instances of functions, frozen ones included. */
  instances: number
  /** Booted instances without a function. */
  warmPool: number
  idle: number
  /** Of the idle ones, those that are stopped. */
  frozen: number
  inFlight: number
  queued: number
  deaths: number
}

export interface Sandbox extends Disposable {
  /** How instances are confined on this system, in words. */
  readonly confinement: string
  readonly limits: Readonly<Limits>
  /** Never rejects for what customer code did. */
  invoke(call: SandboxCall): Promise<SandboxOutcome>
  /** Whether the version can be loaded at all; leaves its instance warm. */
  probe(version: FunctionVersion): Promise<ProbeOutcome>
  /** Whether the deployment's calls wait for long in all its instances, and it can have no more of these. */
  isLate(deploymentId: string): boolean
  /** Running calls finish, then the instances of that deployment end. */
  retire(deploymentId: string): void
  stats(): SandboxStats
}

/** What functions may ask of the platform. A function hears the code and message of a `ParleyError`, and nothing of other failures. */
export interface SandboxPorts extends EgressPorts {
  readSecret(accountId: string, functionId: string, key: string): Promise<unknown>
  /** For a replay: the same, but nothing notes that the secret was used. Absent: replays read none. */
  peekSecret?(accountId: string, key: string): Promise<unknown>
  updateSecret(accountId: string, functionId: string, key: string, value: unknown): Promise<unknown>
  /**
   * Everything else that the toolbelt asks of the platform; the kinds are listed in `packages/toolbelt/PLATFORM-CALLS.md`.
   * `signal` aborts when the call that asked, or its instance, has ended. `conversationId`: for which that call runs.
   */
  platformCall(
    accountId: string,
    functionId: string,
    kind: string,
    args: unknown,
    signal: AbortSignal,
    conversationId?: string,
  ): Promise<unknown>
}
