export { alone } from './alone.ts'
export { bundle } from './bundle.ts'
export { type Clock, type Monotonic, systemClock, systemMonotonic } from './clock.ts'
export {
  actionable,
  conflicting,
  invalid,
  invalidPeriod,
  isRefusal,
  lacking,
  messageOf,
  NODE_ADVICE,
  ParleyError,
} from './errors.ts'
export { flock } from './flock.ts'
export { folderProblem, hasReserve, spaceWarnings } from './folders.ts'
export { readGivenFile, withoutMark } from './given-file.ts'
export { holdFolder, isHeldByUsers, takeUnused } from './hold-folder.ts'
export { type Ids, isUuid, randomIds, uuidOf } from './ids.ts'
export { keepFolder } from './keep-folder.ts'
export { joined } from './joined.ts'
export { type LineLog, lineLog } from './line-log.ts'
export { type Logger, openLogger } from './logger.ts'
export type { Masked } from './masked.ts'
export { PassingMap, PassingSet } from './passing-map.ts'
export { sayWhile } from './say-while.ts'
export { textStream } from './text-stream.ts'
export { unlessAborted } from './unless-aborted.ts'
export { type WithDeps, withDeps } from './with-deps.ts'
export { type ClockFollower, isVirtual, type VirtualClock, virtualClock } from './virtual-clock.ts'
