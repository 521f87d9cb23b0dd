export type { DirectAnswer, DirectCall } from './direct.ts'
export { describeFailure, type FailedOutcome } from './failures.ts'
export type { EventAnswer, FunctionAnswer, RaisedEvent } from './invoke-event.ts'
export { type Invocations, openInvocations } from './open.ts'
