import type { FunctionState, KeyValue, SourceLanguage, SourceProblem } from '@parley/contract'
import type { Generated, GeneratedAlways } from 'kysely'
import type { MaskedColumn } from './masked-column.ts'

/** A function as its list shows it; what was saved is in its versions. */
export interface FunctionTable {
  accountId: string
  functionId: string
  name: string
  description: string
  eventId: string | null
  skills: string[]
  samplePayload: object
  state: FunctionState
  /** The newest version. */
  version: number
  liveDeploymentId: string | null
  /** That of the live deployment. */
  liveVersion: number | null
  size: number
  createdAt: Date
  createdBy: string
  updatedAt: Date
  updatedBy: string
  /** The order of creation, even within one instant. */
  sequence: GeneratedAlways<number>
}

export interface FunctionVersionTable {
  accountId: string
  functionId: string
  version: number
  description: string
  code: string
  language: SourceLanguage
  /** Absent when the code itself is what runs. */
  compiled: string | null
  sourceMap: string | null
  delivers: 'callback' | 'return'
  /** What its check warned of; `null` until a version that was saved before they were kept is read. */
  warnings: SourceProblem[] | null
  dependencies: KeyValue[]
  environment: KeyValue[]
  restoredFrom: number | null
  createdAt: Date
  createdBy: string
}

export interface DeploymentTable {
  accountId: string
  deploymentId: string
  functionId: string
  name: string
  version: number
  state: 'Deploy Finish' | 'Build Error' | 'Deploy Error'
  error: MaskedColumn<{ errorCode: string; errorMsg: string } | null>
  rollbackOf: string | null
  createdAt: Date
  createdBy: string
  updatedAt: Date
  updatedBy: string
  deployedAt: Date | null
  sequence: GeneratedAlways<number>
}

/** One row per account and event: locked while it is decided how many functions the event may have. */
export interface EventSlotTable {
  accountId: string
  eventId: string
}

export interface SecretTable {
  accountId: string
  name: string
  type: 'text' | 'json'
  /** Sealed by `identity/credentials`; its key is not in the database. */
  box: string
  version: number
  /** Made with the account: hidden in lists unless asked for, never deleted. */
  provisioned: boolean
  createdAt: Date
  createdBy: string
  updatedAt: Date
  updatedBy: string
  lastUsedAt: Date | null
}

export interface AllowedDomainTable {
  accountId: string
  domainId: Generated<number>
  domain: string
  name: string
  createdAt: Date
  createdBy: string
}

/** Refusals of one outgoing call, summed up. */
export interface BlockedCallTable {
  accountId: string
  functionId: string
  host: MaskedColumn<string>
  port: number
  /** Empty when it is not known. */
  calledFrom: MaskedColumn<string>
  reason: MaskedColumn<string>
  count: number
  firstAt: Date
  lastAt: Date
}

export interface ScheduleTable {
  accountId: string
  scheduleId: string
  functionId: string
  cronExpression: string
  timeZone: string
  payload: unknown
  /** What its author wants; a schedule of an undeployed function rests all the same. */
  active: boolean
  /** Set when its function is undeployed: the published API then shows it as deleted. */
  pausedByUndeploy: boolean
  missedRuns: 'skip' | 'run-once'
  nextExecutionAt: Date | null
  lastExecutionAt: Date | null
  lastExecutionFailed: boolean | null
  createdAt: Date
  createdBy: string
  updatedAt: Date
  updatedBy: string
}

export interface ScheduleRunTable {
  accountId: string
  scheduleId: string
  dueAt: Date
  /** `manual` runs are made by a user. */
  cause: 'due' | 'missed' | 'manual'
  invocationId: string
  startedAt: Date
  durationMs: number
  failed: boolean
  errorCode: MaskedColumn<string | null>
}

export interface ActivityTable {
  accountId: string
  activityId: string
  at: Date
  actor: string
  topic: 'function' | 'deployment' | 'schedule' | 'secret' | 'allowlist' | 'reporting'
  activity: string
  description: string
  functionId: string | null
  /** Versions to compare: what the entry's change was. */
  fromVersion: number | null
  toVersion: number | null
  sequence: GeneratedAlways<number>
}

/** An input that authors keep to try a function with. */
export interface SavedPayloadTable {
  accountId: string
  payloadId: string
  functionId: string
  /** `null`: it is for all who work on the function. */
  owner: string | null
  name: string
  payload: unknown
  createdAt: Date
  createdBy: string
}
