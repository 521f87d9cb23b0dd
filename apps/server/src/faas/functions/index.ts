export type { Deployed, DeployedFunction, LiveFunctions } from './deployed.ts'
export { matchSkill } from './match-skill.ts'
export { type Functions, openFunctions } from './open.ts'
export { functionNotFound, type WholeFunction } from './read.ts'
