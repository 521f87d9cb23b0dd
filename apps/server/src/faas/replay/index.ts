export { NotReplayable } from './not-replayable.ts'
export { openReplay, type ReplayModule } from './open.ts'
export type { ReplaySeries } from './series.ts'
export type { ReplayedVersion } from './target.ts'
