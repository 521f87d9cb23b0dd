export { openRecordings, type Recordings } from './open.ts'
export type { NewRecording } from './queue.ts'
export type { Recording } from './recording.ts'
