export type { Activity } from './activities.ts'
export type { Actor } from './deps.ts'
export { openFunctionConfig, type FunctionConfig } from './open.ts'
