export { type Change, tellChange, watchChanges } from './change.ts'
export { hearChanges, type HeardChanges } from './heard.ts'
export { tellRuns } from './tell-runs.ts'
