export { type Change, tellChange, watchChanges } from './change.ts'
export { tellRuns } from './tell-runs.ts'
