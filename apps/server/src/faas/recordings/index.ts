export { openRecordings, type Recordings } from './open.ts'
export type { NewRecording } from './queue.ts'
export { joinParts, type Recording } from './recording.ts'
export { fitsInRow, type RowStatement } from './row-trace.ts'
