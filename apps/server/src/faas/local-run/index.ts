export { findProject } from './find-project.ts'
export { type GivenInput, inputOf } from './input-of.ts'
export { type LocalAnswer, runProject } from './run-project.ts'
