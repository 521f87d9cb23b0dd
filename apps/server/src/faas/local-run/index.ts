export { findProject, findSettings, type Project } from './find-project.ts'
export { eventIdOf, type GivenInput, inputOf } from './input-of.ts'
export { type LocalAnswer, runProject } from './run-project.ts'
