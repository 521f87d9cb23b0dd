export type { InvocationRecord, RanRecord } from './invocation-record.ts'
export { percentile } from './latency.ts'
export { openRecords, type Records } from './open.ts'
export type { LogRow } from './write-repository.ts'
