export type { Activity } from './activities.ts'
export type { Actor } from './deps.ts'
export { invalid } from './invalid.ts'
export { openFunctionConfig, type FunctionConfig } from './open.ts'
