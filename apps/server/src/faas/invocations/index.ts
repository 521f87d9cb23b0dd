export {
  CALLER_HEADER,
  type CallingFunction,
  type CallerTokens,
  openCallerTokens,
} from './caller-tokens.ts'
export type { DirectAnswer, DirectCall } from './direct.ts'
export { describeFailure, type FailedOutcome, hasRun } from './failures.ts'
export {
  type CommandOutcome,
  type EventAnswer,
  type FunctionAnswer,
  missedRun,
  type RaisedEvent,
} from './invoke-event.ts'
export { type Invocations, openInvocations } from './open.ts'
export { inSource } from './places.ts'
export { withPlatformEntries } from './platform-entries.ts'
export type { Rerun } from './rerun.ts'
