export { createFunction } from './create.ts'
export { deleteFunction } from './delete.ts'
export { deployFunction } from './deploy.ts'
export type { Deployed, DeployedFunction, LiveFunctions } from './deployed.ts'
export { matchSkill } from './match-skill.ts'
export { type Functions, type FunctionsDeps, openFunctions } from './open.ts'
export type { FunctionsRoom } from './room.ts'
export { readRunnable, type Runnable } from './runnable.ts'
export { undeployFunction } from './undeploy.ts'
export { updateFunction } from './update.ts'
export {
  functionNotFound,
  getWholeFunction,
  listFunctions,
  listWholeFunctions,
  type WholeFunction,
} from './read.ts'
export { findFunction } from './repository.ts'
export { mountFunctions } from './routes.ts'
export { functionUsage } from './usage.ts'
