// What is read from the author's disk: it loads nothing that runs functions.
export { findProject, findSettings, type Project } from './find-project.ts'
export { eventIdOf, type GivenInput, inputOf } from './input-of.ts'
